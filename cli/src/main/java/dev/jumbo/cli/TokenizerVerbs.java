package dev.jumbo.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code jumbo tokenizer}: train one, and look at what it does. */
@Command(
        name = "tokenizer",
        description = "Train a tokenizer from text, or look at what one does.",
        subcommands = {TrainTokenizer.class, EncodeText.class, DecodeTokens.class})
final class TokenizerVerbs extends Verb {
    @Override
    void run() {
        throw new ParameterException(
                spec.commandLine(),
                "expected train, encode or decode, as in: jumbo tokenizer train corpus.txt --vocab-size 8000 --out tokenizer");
    }
}
