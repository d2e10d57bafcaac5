package dev.jumbo.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Any tokenizer of a Hugging Face {@code tokenizer.json}: byte-pair encoding, WordPiece, Unigram. */
@Kind("hugging_face")
public record HuggingFaceTokens(
        @Doc("tokenizer.json.") Path file,

        @Doc("The token that ends a document, such as <|endoftext|>, </s> or [SEP].") @Default("<|endoftext|>")
        String endOfDocument)
        implements TokenizerConfig {
    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public HuggingFaceTokens withFiles(List<Path> places) {
        return new HuggingFaceTokens(places.get(0), endOfDocument);
    }

    @Override
    public Tokenizer open() {
        try {
            return open(Files.readString(file), file.toString(), endOfDocument);
        } catch (IOException e) {
            throw new InputException(
                    "cannot read the tokenizer " + file + " (" + e.getMessage() + "); expected a tokenizer.json", e);
        }
    }

    /**
     * A tokenizer of the text of a {@code tokenizer.json}.
     *
     * @param name of where it comes from, for errors
     */
    public static Tokenizer open(String json, String name, String endOfDocument) {
        return NativeTokenizer.of(json, name, endOfDocument);
    }
}
