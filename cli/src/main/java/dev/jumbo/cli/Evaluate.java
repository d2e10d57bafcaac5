package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.losses.BinaryCrossEntropy;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.train.report.EvaluationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo evaluate}: how good a checkpoint of a run is. */
@Command(name = "evaluate", description = "Measure a checkpoint of a run.")
final class Evaluate extends Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}; evaluate.split of the run if not given.")
    private EvaluateConfig.@Nullable MeasuredOn split;

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A value over the run's, as in --set data.dir=DIR.")
    private List<String> settings = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--resamples",
            paramLabel = "N",
            description = "Sets of examples that are drawn for each bootstrap interval, 0 for none; ${DEFAULT-VALUE} if"
                    + " not given.")
    private int resamples = EvaluationReport.RESAMPLES;

    @Override
    void run() {
        RunFolder folder = RunFolder.open(run, settings);
        EvaluateConfig.MeasuredOn part =
                split == null ? folder.config().evaluate().split() : split;
        DataParts data = folder.divided(folder.config().data().load(run));
        EvaluationReport report = Stages.evaluate(folder, checkpoint, part, data, resamples);
        if (json) {
            ObjectNode result = report.json();
            result.put("split", part.name().toLowerCase(Locale.ROOT));
            result.put("examples", RunFolder.part(data, part).size());
            result.put("checkpoint", folder.checkpoint(checkpoint).directory().toString());
            print(result);
        } else {
            out().print(report.text());
            out().flush();
            if (isWeighted(folder.checkpoint(checkpoint).description().loss())) {
                say(
                        "loss counts each class by its weight, as training does; the other figures do not: evaluate.metrics:"
                                + " [log_loss] is the loss without weights");
            }
            if (report.classes() != null) {
                say("report, confusion matrix, ROC, precision and recall, and reliability are in " + run);
            }
        }
    }

    private static boolean isWeighted(Loss loss) {
        return loss instanceof BinaryCrossEntropy binary
                ? binary.posWeight() != 1
                : loss instanceof CrossEntropy cross && !cross.classWeights().equals(ClassWeights.of(List.of()));
    }
}
