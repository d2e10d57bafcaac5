package dev.jumbo.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    @Option(names = "--json", description = "Print one JSON object a text: ids and tokens.")
    private boolean json;

    @Override
    void run() {
        try (Tokenizer opened = PretrainedTokens.of(tokenizer).open()) {
            for (String text : texts) {
                int[] ids = opened.encode(text);
                if (json) {
                    ObjectNode node = new ObjectMapper().createObjectNode();
                    node.put("text", text);
                    var numbers = node.putArray("ids");
                    Arrays.stream(ids).forEach(numbers::add);
                    print(node);
                } else {
                    out().println(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
                }
            }
        }
    }
}
