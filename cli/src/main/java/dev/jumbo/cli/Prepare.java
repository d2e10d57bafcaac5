package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Records;
import dev.jumbo.data.clean.Aside;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.merge.Merges;
import dev.jumbo.data.drift.Drift;
import dev.jumbo.data.drift.DriftLimits;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.profile.TableProfile;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.table.CsvExport;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jumbo prepare}: reads and cleans the data, writes clean tables, and says what is there and what was changed. */
@Command(
        name = "prepare",
        description = "Read and clean the data, write clean tables, and report what is there and what was changed.")
final class Prepare extends Verb {
    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Directory for clean tables, the report, and records that cannot be read; runs/NAME of the file"
                            + " if not given.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print the report of cleaning tables, or of a cluster, as one JSON object.")
    private boolean json;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    void run() {
        Path directory = out == null ? configuration.defaultOut() : out;
        String master = cluster.master();
        if (master != null) {
            prepareOn(master, directory);
        } else {
            prepareHere(directory);
        }
    }

    /** Whoever the configuration is for does it. */
    private void prepareOn(String master, Path directory) {
        ConfigDocument document = configuration.document();
        List<ClusterPreparation> known = ClusterOptions.services(ClusterPreparation.class);
        ClusterPreparation preparation = known.stream()
                .filter(p -> p.accepts(document))
                .findFirst()
                .orElseThrow(() -> new InputException(document.name() + ": expected "
                        + known.stream().map(ClusterPreparation::expected).collect(Collectors.joining(", or "))
                        + ": there is nothing else to prepare on a cluster; leave --master out"));
        ClusterPreparation.Result result = preparation.prepare(
                new ClusterPreparation.Job(document, master, cluster.settings(), directory, this::say));
        if (json) {
            print(result.report());
        } else {
            out().println(result.text());
        }
    }

    private void prepareHere(Path directory) {
        DataConfig data = configuration.readData();
        if (data.dataset() instanceof TableData tables) {
            if (data.dir() != null) {
                throw TableData.refusing(data.dir());
            }
            clean(tables, directory);
        } else if (json) {
            throw new InputException("expected tables for --json, received other data: leave it out");
        } else {
            DataParts parts = data.load(directory);
            PrepareReport.print(parts, out());
            parts.warnOfMissingClasses(null);
        }
    }

    /** The report of an earlier run goes first and the new one comes last: where it is, the tables are complete. */
    private void clean(TableData tables, Path directory) {
        for (String earlier : List.of("report.json", TableData.MALFORMED_TRAIN, TableData.MALFORMED_TEST)) {
            Output.delete(directory.resolve(earlier));
        }
        for (String name : List.of("train", "test")) {
            Output.delete(directory.resolve("quarantine-" + name + ".csv"));
            Output.delete(directory.resolve("merges-" + name + ".csv"));
        }
        Cleaned train = tables.cleanTrain(directory.resolve(TableData.MALFORMED_TRAIN));
        Cleaned test =
                tables.test() == null ? null : tables.cleanTest(directory.resolve(TableData.MALFORMED_TEST), train);
        Output.delete(directory.resolve("report.html")); // A cluster's.
        Output.delete(directory.resolve("clean-test.csv"));
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.set("train", write(train, directory.resolve("clean-train.csv")));
        if (test != null) {
            report.set("test", write(test, directory.resolve("clean-test.csv")));
        }
        TableProfile profile = tables.profile(train.table());
        report.set("columns", Records.of().write(TableProfile.class, profile).get("columns"));
        Drift drift = test == null || test.table().rows() == 0 || train.table().rows() == 0
                ? null
                : Drift.between(train.table(), test.table(), DriftLimits.usual());
        if (drift != null) {
            report.set("drift", Records.of().write(Drift.class, drift));
        }
        aside(train, "train", directory);
        if (test != null) {
            aside(test, "test", directory);
        }
        Output.write(directory.resolve("report.json"), report.toPrettyString() + "\n");
        if (train.table().rows() == 0 || (test != null && test.table().rows() == 0)) {
            if (json) {
                print(report);
            } else {
                out().println(TableData.text(train, test));
            }
            out().flush();
            train.report().requireRows("train");
            if (test != null) {
                test.report().requireRows("test");
            }
        }
        // Before examples are made of the rows, which may refuse a column or a row: this says which cells are why.
        if (json) {
            print(report);
        } else {
            out().println(profile.text());
            tables.unread(train).forEach(warning -> out().println("  warning: " + warning));
            out().println(TableData.text(train, test).stripTrailing());
            if (drift != null) {
                out().println("test against train:");
                out().println(drift.text());
            }
        }
        out().flush();
        if (tables.target() != null) {
            DataParts parts = tables.parts(train, test);
            if (!json) {
                PrepareReport.describe(parts, out());
                out().flush();
            }
            parts.warnOfMissingClasses(null);
        }
        say("clean tables and report.json are in " + directory);
        train.report().requireExpected("train");
        if (test != null) {
            test.report().requireExpected("test");
        }
    }

    /** Rows and merges that somebody is to look at. */
    private void aside(Cleaned cleaned, String name, Path directory) {
        if (!cleaned.quarantined().isEmpty()) {
            Path file = directory.resolve("quarantine-" + name + ".csv");
            Output.write(file, draft -> Aside.write(cleaned.quarantined(), draft));
            say(String.format(
                    Locale.ROOT,
                    "%,d rows were put aside in %s",
                    cleaned.quarantined().size(),
                    file));
        }
        if (!cleaned.proposals().isEmpty()) {
            Path file = directory.resolve("merges-" + name + ".csv");
            Output.write(file, draft -> Merges.write(cleaned.proposals(), draft));
            say(String.format(
                    Locale.ROOT,
                    "%,d merges are proposed in %s: say yes in its column accept, and name the file in merge_similar:"
                            + " {accepted: ...}",
                    cleaned.proposals().size(),
                    file));
        }
    }

    private static JsonNode write(Cleaned cleaned, Path file) {
        Output.write(file, draft -> CsvExport.write(cleaned.table(), draft));
        return Records.of().write(CleaningReport.class, cleaned.report());
    }
}
