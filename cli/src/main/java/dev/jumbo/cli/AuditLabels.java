package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Normalizer;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.split.Splits;
import dev.jumbo.data.split.Subset;
import dev.jumbo.data.split.TrainingSplit;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.labels.ConfidentLearning;
import dev.jumbo.train.labels.LabelIssue;
import dev.jumbo.train.labels.OutOfFold;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jumbo audit-labels}: which examples of the training data are likely labelled wrong. */
@Command(
        name = "audit-labels",
        description =
                "Find examples that are likely labelled wrong, by models that have not seen them (k-fold training and"
                        + " confident learning).")
final class AuditLabels extends Verb {
    private static final int SHOWN = 20;

    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--folds",
            paramLabel = "K",
            description = "Models to train, each without one of K parts; ${DEFAULT-VALUE} if not given.")
    private int folds = 5;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory for label_issues.csv; runs/NAME-labels of the file if not given.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    void run() {
        RunConfig config = configuration.read();
        Path usual = configuration.defaultOut();
        Path directory = out == null ? usual.resolveSibling(usual.getFileName() + "-labels") : out;
        DataParts data = config.load(directory);
        OutOfFold found = Output.inWork(
                directory,
                work -> OutOfFold.train(
                        data.train(),
                        folds,
                        RandomState.of(config.train().seed()),
                        (part, fold) -> train(config, data, part, work, fold)));
        ConfidentLearning learning = ConfidentLearning.of(found.probabilities(), found.labels());
        List<String> classes = data.train().targets().get(0).classes();
        Path file = directory.resolve("label_issues.csv");
        Output.write(file, draft -> {
            try (CsvWriter writer = CsvWriter.builder().build(draft)) {
                writer.writeRecord("index", "row", "given", "suggested", "self_confidence", "confidence");
                for (LabelIssue issue : learning.issues()) {
                    writer.writeRecord(
                            String.valueOf(issue.index()),
                            String.valueOf(data.train().sourceRow(issue.index())),
                            classes.get(issue.given()),
                            classes.get(issue.suggested()),
                            String.format(Locale.ROOT, "%.6f", issue.selfConfidence()),
                            String.format(Locale.ROOT, "%.6f", issue.confidence()));
                }
            }
        });
        report(data.train(), learning, classes);
        say("all of them are in " + file);
    }

    private Checkpoint train(RunConfig config, DataParts data, Subset part, Path directory, int fold) {
        say("fold " + (fold + 1) + " of " + folds);
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            TrainerBuilder builder = Trainer.of(config.layer())
                    .config(config.train())
                    .validationSplit(0)
                    .testSplit(0)
                    .augmentations(config.data().augmentation())
                    .mixing(config.data().mixing())
                    .saveTo(directory.resolve("fold-" + (fold + 1)))
                    .callback(progress);
            Normalizer normalizer = config.data().normalization();
            if (data.fit() != null) {
                builder.fitPreprocessing(data.fit());
            } else if (normalizer != null) {
                builder.fitPreprocessing(normalizer::fit);
            }
            // What ends training or chooses the best epoch is a part of what may be learned from, not of what is asked.
            double share = config.train().validationSplit();
            if (share == 0) {
                return builder.build().fit(part);
            }
            TrainingSplit inner =
                    Splits.stratified(part, share, RandomState.of(config.train().seed()));
            return builder.build().fit(inner.train(), inner.validation());
        }
    }

    private void report(Dataset data, ConfidentLearning learning, List<String> classes) {
        if (json) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            result.put("examples", data.size());
            result.put("folds", folds);
            ArrayNode issues = result.putArray("issues");
            for (LabelIssue issue : learning.issues()) {
                issues.addObject()
                        .put("index", issue.index())
                        .put("row", data.sourceRow(issue.index()))
                        .put("given", classes.get(issue.given()))
                        .put("suggested", classes.get(issue.suggested()))
                        .put("self_confidence", issue.selfConfidence())
                        .put("confidence", issue.confidence());
            }
            print(result);
            return;
        }
        out().println(String.format(
                Locale.ROOT,
                "%,d of %,d labels are likely wrong (%.2f %%), the likeliest first",
                learning.issues().size(),
                data.size(),
                100.0 * learning.issues().size() / data.size()));
        out().println(String.format("%8s  %-20s %-20s %10s %10s", "row", "given", "suggested", "p(given)", "p(sugg.)"));
        learning.issues().stream()
                .limit(SHOWN)
                .forEach(issue -> out().println(String.format(
                        Locale.ROOT,
                        "%8d  %-20s %-20s %10.4f %10.4f",
                        data.sourceRow(issue.index()),
                        classes.get(issue.given()),
                        classes.get(issue.suggested()),
                        issue.selfConfidence(),
                        issue.confidence())));
    }
}
