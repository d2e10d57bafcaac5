package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo predict}: a line for each input with what the model says of it. */
@Command(name = "predict", description = "Predict: a line for each input with its label and probability.")
final class Predict extends Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "INPUT",
            description =
                    "Image files, .json files, or JSON as in '[0.1, 2]'; for tables .csv files with a header, or rows as in"
                            + " '{\"age\": 39}'.")
    private List<String> inputs = List.of();

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(names = "--json", description = "Print JSON lines.")
    private boolean json;

    @Override
    void run() {
        Checkpoint chosen = checkpoint == RunFolder.Choice.BEST ? Checkpoint.best(run) : Checkpoint.latest(run);
        try (Predictor predictor = Predictor.of(chosen)) {
            Examples examples = Examples.of(predictor, chosen.description().preprocessing());
            for (String input : inputs) {
                examples.read(input).forEach((name, raw) -> show(Predictions.answer(predictor, name, raw)));
            }
        }
    }

    private void show(ObjectNode line) {
        if (json) {
            print(line);
        } else if (line.has("label")) {
            out().println(String.format(
                    Locale.ROOT,
                    "%s\t%s\t%.4f",
                    line.get("input").asText(),
                    line.get("label").asText(),
                    line.get("probability").asDouble()));
        } else {
            out().println(line.get("input").asText() + "\t" + line.get("values"));
        }
    }
}
