package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.SelfPlay;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.chat.ChatFormat;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.corpus.CorpusFiles;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo preferences}: pairs for DPO from what a model answers itself. */
@Command(
        name = "preferences",
        description = {
            "Preferences: pairs for train.objective dpo. Where the model answers a chat otherwise than the chat does, the chat's answer is chosen and"
                    + " the model's rejected."
        })
final class Preferences extends Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run that was trained on chats.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "CHATS",
            description = "Files of chats: JSON lines, JSON arrays or Parquet, patterns of them, or folders.")
    private List<String> chats = List.of();

    @Mixin
    private SamplingOptions sampling = new SamplingOptions();

    @Option(names = "--limit", paramLabel = "N", description = "The most pairs; ${DEFAULT-VALUE} if not given.")
    private int limit = 10_000;

    @Option(names = "--format", description = "Of the files: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private ChatFormat format = ChatFormat.RECORDS;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where pairs.jsonl is written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path out;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    void run() {
        GenerationConfig config = sampling.config(List.of());
        List<Path> files = CorpusFiles.of(chats, null, "CHATS");
        Path file = out.resolve("pairs.jsonl");
        SelfPlay.Counts[] counts = new SelfPlay.Counts[1];
        try (TextGenerator model = TextGenerator.open(Checkpoint.best(run))) {
            ChatTemplate template = model.template()
                    .orElseThrow(
                            () -> new InputException("expected a run with a chat template, as training on chats writes"
                                    + " it, found none in " + run + ": train on the dataset chats first"));
            var play = new SelfPlay(model, template, config, limit);
            Output.write(file, draft -> {
                try (var lines = Files.newBufferedWriter(draft)) {
                    counts[0] = play.over(files, format, pair -> Output.line(lines, pair.toString()));
                }
                if (counts[0].pairs() == 0) {
                    throw new InputException(
                            "of " + counts[0].asked() + " answers none differs from what the chats say ("
                                    + counts[0].longer() + " are left out, as they do not fit into the context of "
                                    + model.context()
                                    + " tokens): there is nothing to prefer; draw with --temperature 1, or give"
                                    + " other chats");
                }
            });
        }
        SelfPlay.Counts made = counts[0];
        if (made.longer() > 0) {
            say(made.longer() + " answers are left out: what was said before them and " + config.maxNewTokens()
                    + " new tokens (--max-new-tokens) are more than the context");
        }
        if (json) {
            print(JsonNodeFactory.instance
                    .objectNode()
                    .put("file", file.toString())
                    .put("asked", made.asked())
                    .put("pairs", made.pairs())
                    .put("left_out", made.longer()));
        } else {
            out().println("wrote " + file + ": " + made.pairs() + " pairs of " + made.asked() + " answers");
        }
    }
}
