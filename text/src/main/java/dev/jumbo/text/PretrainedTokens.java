package dev.jumbo.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The tokenizer of a folder or file, whatever it is: {@code tokenizer.json}, GPT-2's two files, BERT's {@code vocab.txt}, a {@code .model} of SentencePiece or
 * tiktoken, a {@code .tiktoken}. What of it a folder has is looked for in this order.
 */
@Kind("pretrained")
public record PretrainedTokens(
        @Doc("The folder, such as a Hugging Face model's, or the file.")
        Path path,

        @Doc("The token that ends a document; by default the folder's eos_token, or what the files are known by.")
        @Default("\"\"")
        String endOfDocument)
        implements TokenizerConfig {
    /** Names of files of which one makes a folder that of a tokenizer, in the order in which they are looked for. */
    public static final List<String> FILES = List.of(
            "tokenizer.json", "vocab.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.txt");

    /** Of a folder or file, with the end of a document that it says. */
    public static PretrainedTokens of(Path path) {
        return new PretrainedTokens(path, "");
    }

    @Override
    public List<Path> files() {
        return resolved().files();
    }

    @Override
    public TokenizerConfig withFiles(List<Path> places) {
        return resolved().withFiles(places);
    }

    @Override
    public Tokenizer open() {
        return resolved().open();
    }

    /** What reads it. @throws InputException if there is nothing that is known */
    public TokenizerConfig resolved() {
        if (!Files.exists(path)) {
            throw new InputException("expected a tokenizer at " + path + ", a folder or a file; there is none");
        }
        return TokenizerFolder.at(path, endOfDocument);
    }
}
