package dev.jumbo.cli;

import dev.jumbo.config.Records;
import dev.jumbo.data.drift.Drift;
import dev.jumbo.data.drift.DriftLimits;
import dev.jumbo.error.FailureException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo drift}: how far one table has drifted from another. */
@Command(
        name = "drift",
        description = "Compare a table with an earlier one, column by column, and say what has drifted.")
final class CompareTables extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "BEFORE",
            description =
                    "The table that a model was trained on: .csv, .tsv, .jsonl, .parquet or .arff; or a configuration"
                            + " (.yaml: its training table), or the directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path before;

    @Parameters(
            index = "1",
            paramLabel = "NOW",
            description = "The table that is compared with it: a file; a"
                    + " configuration (its test table); or the directory of a run (its training table).")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path now;

    @Option(names = "--delimiter", description = "The character between fields of CSV files; \\t is a tab.")
    private @Nullable String delimiter;

    @Option(names = "--charset", description = "The charset of files, such as windows-1252; UTF-8 if not given.")
    private @Nullable String charset;

    @Option(
            names = "--na-values",
            paramLabel = "TEXT",
            split = ",",
            description = "Texts in CSV files that stand for a missing value, in place of the usual ones; several are"
                    + " divided by commas.")
    private @Nullable List<String> missingTexts;

    @Option(names = "--psi", description = "Population stability index from which on it is drift; ${DEFAULT-VALUE}.")
    private double psi = DriftLimits.usual().psi();

    @Option(names = "--ks", description = "Distance of distribution functions of numbers; ${DEFAULT-VALUE}.")
    private double ks = DriftLimits.usual().ks();

    @Option(
            names = "--missing",
            description = "Limit: difference of shares of missing values (which texts are missing: --na-values);"
                    + " ${DEFAULT-VALUE}.")
    private double missing = DriftLimits.usual().missing();

    @Option(names = "--new-share", description = "Share of rows with new categories; ${DEFAULT-VALUE}.")
    private double newShare = DriftLimits.usual().newShare();

    @Option(names = "--p-value", description = "Distances count where chance is less likely; ${DEFAULT-VALUE}.")
    private double pValue = DriftLimits.usual().pValue();

    @Option(names = "--fail", description = "Exit with status 1 if anything has drifted.")
    private boolean fail;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    void run() {
        ComparedTables tables =
                ComparedTables.read(before, now, new ComparedTables.Form(delimiter, charset, missingTexts));
        Drift drift = Drift.between(tables.before(), tables.now(), new DriftLimits(psi, ks, missing, newShare, pValue));
        if (json) {
            print(Records.of().write(Drift.class, drift));
        } else {
            out().println(drift.text());
        }
        out().flush();
        if (fail && drift.drifted()) {
            throw new FailureException(now + " has drifted from " + before + "; look at the columns named above");
        }
    }
}
