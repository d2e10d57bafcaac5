package dev.jumbo.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.transform.TextLength;
import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Text to the ids of a tokenizer that exists: bytes, GPT-2's files, a {@code tokenizer.json}. The checkpoint takes copies of its files along. No
 * marks of beginning or end are added; the mask, not an id, says where a short text is filled up.
 *
 * @param vocabularySize ids that there are; found out when it is fitted where it is 0
 */
@Kind("tokenizer")
@Doc("Text to the ids of a tokenizer from a file; the checkpoint takes the file along.")
public record TokenizerTransform(
        @Doc("Which tokenizer.") TokenizerConfig tokenizer,
        @Doc("The most tokens of a text.") @Default("512") int maxLength,

        @Doc("Whether a longer text loses its end; if not, it is an error.") @Default("false")
        boolean truncate,

        @Doc("Ids that the tokenizer has; 0: found out from it.") @Default("0")
        int vocabularySize)
        implements UnaryTransform, TokenTexts.Source {
    public TokenizerTransform {
        if (maxLength < 1 || vocabularySize < 0) {
            throw new InputException("tokenizer: expected a max_length of 1 or more and no negative vocabulary_size,"
                    + " received " + maxLength + " and " + vocabularySize);
        }
    }

    /** Of a tokenizer that is still to be opened. */
    public static TokenizerTransform of(TokenizerConfig tokenizer, int maxLength, boolean truncate) {
        return new TokenizerTransform(tokenizer, maxLength, truncate, 0);
    }

    @Override
    public Field raw(String name) {
        return Field.text(name);
    }

    @Override
    public Field output(Field raw) {
        if (!raw.isBytes() || !(raw.meaning() instanceof Meaning.Text)) {
            throw new InputException("tokenizer: expected a field of text, received " + raw);
        }
        return Field.tokens(raw.name(), vocabularySize, 0, maxLength);
    }

    /** Nothing is learned; the tokenizer says how many ids it has. */
    @Override
    public TokenizerTransform fit(Field raw, Iterable<?> training) {
        try (Tokenizer opened = tokenizer.open()) {
            return new TokenizerTransform(tokenizer, maxLength, truncate, opened.vocabularySize());
        }
    }

    @Override
    public Applied open(Field raw) {
        Tokenizer opened = tokenizer.open();
        return new Applied() {
            @Override
            public Object apply(Object text) {
                int[] ids = opened.encode(new String((byte[]) text, StandardCharsets.UTF_8));
                return TextLength.of(Arrays.stream(ids).asLongStream().toArray(), maxLength, truncate, "tokenizer");
            }

            @Override
            public void close() {
                opened.close();
            }
        };
    }

    @Override
    public TokenTexts openTexts() {
        return new TokenizerTexts(tokenizer.open());
    }

    @Override
    public TokenizerTransform ofAnyLength() {
        return new TokenizerTransform(tokenizer, Integer.MAX_VALUE, false, vocabularySize);
    }

    @Override
    public List<Path> files() {
        return tokenizer.files();
    }

    @Override
    public TokenizerTransform withFiles(List<Path> places) {
        return new TokenizerTransform(tokenizer.withFiles(places), maxLength, truncate, vocabularySize);
    }
}
