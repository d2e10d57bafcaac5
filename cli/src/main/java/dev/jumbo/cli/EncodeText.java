package dev.jumbo.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.text.Encoding;
import dev.jumbo.text.EncodingOptions;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo tokenizer encode}: the tokens of texts. */
@Command(name = "encode", description = "Print the tokens of texts.")
final class EncodeText extends Verb {
    @Parameters(index = "0", paramLabel = "TOKENIZER", description = "A folder or file of a tokenizer.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path tokenizer;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "A text.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private List<String> texts;

    @Option(names = "--special-tokens", description = "With the marks that the model expects around a text.")
    private boolean specialTokens;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object a text: ids, tokens, and their places in it (start and end in Java's chars).")
    private boolean json;

    @Override
    void run() {
        try (Tokenizer opened = PretrainedTokens.of(tokenizer).open()) {
            for (String text : texts) {
                if (json) {
                    print(described(opened, text));
                    continue;
                }
                int[] ids = opened.encode(text);
                out().println(Arrays.stream(specialTokens ? opened.marks().around(ids) : ids)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(" ")));
            }
        }
    }

    private ObjectNode described(Tokenizer opened, String text) {
        Encoding made = opened.encoding(text, specialTokens ? EncodingOptions.marked() : EncodingOptions.plain());
        ObjectNode node = new ObjectMapper().createObjectNode().put("text", text);
        ArrayNode ids = node.putArray("ids");
        ArrayNode tokens = node.putArray("tokens");
        ArrayNode places = node.putArray("offsets");
        for (int i = 0; i < made.length(); i++) {
            ids.add(made.ids()[i]);
            tokens.add(opened.token(made.ids()[i]));
            places.addArray().add(made.starts()[i]).add(made.ends()[i]);
        }
        return node;
    }
}
