package dev.jumbo.text.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.transform.TextLength;
import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.error.InputException;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text to the ids of a tokenizer that exists: bytes, GPT-2's files, a {@code tokenizer.json}. The checkpoint takes copies of its files along. No
 * marks of beginning or end are added, unless {@code addSpecialTokens} asks for those that the tokenizer's files say, as of BERT and T5; the mask, not an id,
 * says where a short text is filled up.
 *
 * @param vocabularySize ids that there are; found out when it is fitted where it is 0
 * @param addSpecialTokens whether the tokenizer's marks stand around a text; they count in {@code maxLength}
 * @param padTokenId the id that fills up short texts; where it is null, with marks what the tokenizer says, else 0
 */
@Kind("tokenizer")
@Doc("Text to the ids of a tokenizer from a file; the checkpoint takes the file along.")
public record TokenizerTransform(
        @Doc("Which tokenizer.") TokenizerConfig tokenizer,
        @Doc("The most tokens of a text.") @Default("512") int maxLength,

        @Doc("Whether a longer text loses its end; if not, it is an error.") @Default("false")
        boolean truncate,

        @Doc("Ids that the tokenizer has; 0: found out from it.") @Default("0")
        int vocabularySize,

        @Doc("Whether the tokenizer's marks, such as [CLS] and [SEP], stand around a text.") @Default("false")
        boolean addSpecialTokens,

        @Doc("The id that fills up short texts; where it is null, with marks what the tokenizer says, else 0.")
        @Default("null")
        @Nullable
        Integer padTokenId)
        implements UnaryTransform, TokenTexts.Source {
    public TokenizerTransform {
        if (padTokenId != null && padTokenId < 0) {
            throw new InputException("tokenizer.pad_token_id: expected an id of 0 or more, received " + padTokenId);
        }
        if (maxLength < 1 || vocabularySize < 0) {
            throw new InputException("tokenizer: expected a max_length of 1 or more and no negative vocabulary_size,"
                    + " received " + maxLength + " and " + vocabularySize);
        }
    }

    /** Without marks. */
    public TokenizerTransform(TokenizerConfig tokenizer, int maxLength, boolean truncate, int vocabularySize) {
        this(tokenizer, maxLength, truncate, vocabularySize, false, null);
    }

    /** This with the marks around a text that the tokenizer's files say. @throws InputException if they say none */
    public TokenizerTransform withMarks() {
        try (Tokenizer opened = tokenizer.open()) {
            return new TokenizerTransform(tokenizer, maxLength, truncate, vocabularySize, true, padTokenId)
                    .known(opened);
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
        return Field.tokens(raw.name(), vocabularySize, padTokenId == null ? 0 : padTokenId, maxLength);
    }

    /** Nothing is learned; the tokenizer says how many ids it has. */
    @Override
    public TokenizerTransform fit(Field raw, Iterable<?> training) {
        try (Tokenizer opened = tokenizer.open()) {
            return known(opened);
        }
    }

    private TokenizerTransform known(Tokenizer opened) {
        int marks = opened.marks().count(false);
        if (addSpecialTokens && marks == 0) {
            throw new InputException("tokenizer.add_special_tokens: expected a tokenizer whose files say which marks"
                    + " stand around a text (post_processor of tokenizer.json), received one that says none; leave"
                    + " add_special_tokens out, or take the model's tokenizer.json");
        }
        if (addSpecialTokens && marks >= maxLength) {
            throw new InputException(
                    "tokenizer.max_length: expected room for a text beside " + marks + " marks, received " + maxLength);
        }
        return new TokenizerTransform(
                tokenizer,
                maxLength,
                truncate,
                opened.vocabularySize(),
                addSpecialTokens,
                padTokenId == null && addSpecialTokens ? opened.padding() : padTokenId);
    }

    /** The ids of a text as the model is given them. @throws InputException if it has none, or too many */
    private long[] ids(Tokenizer opened, String text) {
        int[] ids = opened.encode(text);
        int room = maxLength - (addSpecialTokens ? opened.marks().count(false) : 0);
        long[] own = TextLength.of(Arrays.stream(ids).asLongStream().toArray(), room, truncate, "tokenizer");
        return addSpecialTokens
                ? Arrays.stream(opened.marks().around(Arrays.copyOf(ids, own.length)))
                        .asLongStream()
                        .toArray()
                : own;
    }

    @Override
    public Applied open(Field raw) {
        Tokenizer opened = tokenizer.open();
        return new Applied() {
            @Override
            public Object apply(Object text) {
                return ids(opened, new String((byte[]) text, StandardCharsets.UTF_8));
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
        return new TokenizerTransform(
                tokenizer.withFiles(places), maxLength, truncate, vocabularySize, addSpecialTokens, padTokenId);
    }
}
