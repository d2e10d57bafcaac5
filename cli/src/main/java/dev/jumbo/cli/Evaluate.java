package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private EvaluateConfig.@Nullable Part split;

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A value over the run's, as in --set data.dir=DIR.")
    private List<String> settings = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    void run() {
        RunFolder folder = RunFolder.open(run, settings);
        EvaluateConfig.Part part = split == null ? folder.config().evaluate().split() : split;
        Stages.Evaluated evaluated = Stages.evaluate(
                folder, checkpoint, part, folder.divided(folder.config().data().load(run)));
        Map<String, Double> figures = evaluated.figures();
        if (json) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            figures.forEach(result::put);
            print(result);
        } else {
            figures.forEach((name, value) -> out().println(String.format(Locale.ROOT, "%-20s %.5f", name, value)));
            if (evaluated.report() != null) {
                out().println();
                out().print(evaluated.report().text(4));
                out().flush();
                say("report and confusion matrix are in " + run);
            }
        }
    }
}
