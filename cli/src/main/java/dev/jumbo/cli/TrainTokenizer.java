package dev.jumbo.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.text.split.WordRules;
import dev.jumbo.text.train.TokenizerTrainer;
import dev.jumbo.text.train.TokenizerType;
import dev.jumbo.text.train.TrainedTokenizer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo tokenizer train}: a {@code tokenizer.json} from files of text. */
@Command(
        name = "train",
        description =
                "Train a tokenizer from text (UTF-8, .gz or not), Parquet and JSON lines; a folder names all in it, and the output of"
                        + " jumbo prepare its documents.")
final class TrainTokenizer extends Verb {
    @Parameters(arity = "0..*", paramLabel = "FILES", description = "Text; bytes need none.")
    private List<Path> files = List.of();

    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "Of Parquet and JSON: what has the text; ${DEFAULT-VALUE} if not given.")
    private String column = "text";

    @Option(names = "--type", description = "${COMPLETION-CANDIDATES} (in lower case); default bpe.")
    private TokenizerType type = TokenizerType.BPE;

    @Option(
            names = "--vocab-size",
            paramLabel = "N",
            description =
                    "The most tokens, special ones included; default 30000. Characters and bytes are as many as there are.")
    private int vocabularySize = 30_000;

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            description = "What occurs less often gives no token; default 0.")
    private long minFrequency;

    @Option(
            names = "--special-tokens",
            paramLabel = "A,B",
            split = ",",
            description = "In the order of their ids, in the place of the type's own.")
    private @Nullable List<String> specialTokens;

    @Option(
            names = "--end-of-document",
            paramLabel = "TOKEN",
            description = "The special token that ends a document; by default known by its name, or the first.")
    private @Nullable String end;

    @Option(
            names = "--words",
            description =
                    "bpe: rules that divide a text first: ${COMPLETION-CANDIDATES} (in lower case); default gpt2.")
    private WordRules words = WordRules.GPT2;

    @Option(names = "--cased", description = "wordpiece: keep capitals and accents.")
    private boolean cased;

    @Option(
            names = "--limit-alphabet",
            paramLabel = "N",
            description =
                    "wordpiece, unigram: only the commonest characters have tokens; 0 all; default 1000 for wordpiece.")
    private @Nullable Integer limitAlphabet;

    @Option(
            names = "--max-token-length",
            paramLabel = "N",
            description = "bpe, wordpiece: tokens are shorter; 0 for no limit.")
    private int maxTokenLength;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where tokenizer.json is written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path out;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    void run() {
        TokenizerTrainer usual = TokenizerTrainer.of(type, vocabularySize);
        List<String> special = specialTokens == null ? usual.specialTokens() : specialTokens;
        TokenizerTrainer trainer = new TokenizerTrainer(
                type,
                vocabularySize,
                minFrequency,
                special,
                end == null ? TokenizerTrainer.end(special) : end,
                words,
                !cased,
                limitAlphabet == null ? usual.limitAlphabet() : limitAlphabet,
                maxTokenLength);
        TrainedTokenizer trained = trainer.trainFiles(files, column);
        Path file = trained.save(out);
        int tokens = trained.tokens().size();
        boolean merged = type != TokenizerType.CHARACTERS && type != TokenizerType.BYTES;
        if (merged && tokens < vocabularySize) {
            say("the texts give " + tokens + " tokens, fewer than the " + vocabularySize + " asked for");
        }
        if (json) {
            print(new ObjectMapper()
                    .createObjectNode()
                    .put("file", file.toString())
                    .put("tokens", tokens)
                    .put("merges", trained.merges().size())
                    .put("end_of_document", trainer.endOfDocument()));
        } else {
            out().println("wrote " + file + " with " + tokens + " tokens; now: jumbo tokenizer encode " + out
                    + " \"some text\"");
        }
    }
}
