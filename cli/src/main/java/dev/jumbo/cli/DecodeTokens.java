package dev.jumbo.cli;

import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code jumbo tokenizer decode}: the text of tokens. */
@Command(name = "decode", description = "Print the text of tokens.")
final class DecodeTokens extends Verb {
    @Parameters(index = "0", paramLabel = "TOKENIZER", description = "A folder or file of a tokenizer.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path tokenizer;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "ID", description = "Ids of tokens.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private List<Integer> ids;

    @Override
    void run() {
        try (Tokenizer opened = PretrainedTokens.of(tokenizer).open()) {
            out().println(opened.decode(ids.stream().mapToInt(Integer::intValue).toArray()));
        }
    }
}
