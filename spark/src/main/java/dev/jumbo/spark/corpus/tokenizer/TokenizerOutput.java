package dev.jumbo.spark.corpus.tokenizer;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.text.split.WordRules;
import dev.jumbo.text.train.TokenizerTrainer;
import dev.jumbo.text.train.TokenizerType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tokenizer that the documents train: the settings of {@link TokenizerTrainer}, under their names at {@code jumbo tokenizer train}. */
public record TokenizerOutput(
        @Doc("Which pieces.") @Default("bpe") TokenizerType type,

        @Doc("The most tokens, special ones included. Characters and bytes are as many as there are.") @Default("30000")
        int vocabSize,

        @Doc("What occurs less often gives no token.") @Default("0")
        long minFrequency,

        @Doc("In the order of their ids; the type's own if null.") @Default("null") @Nullable
        List<String> specialTokens,

        @Doc("The special token that ends a document; known by its name, or the first, if null.")
        @Default("null")
        @Nullable
        String endOfDocument,

        @Doc("bpe: rules that divide a text first.") @Default("gpt2")
        WordRules words,

        @Doc("wordpiece: capitals and accents go.") @Default("true")
        boolean lowercase,

        @Doc(
                "wordpiece, unigram: so many of the commonest characters have tokens; 0 for all. 1000 for wordpiece if null, for others all.")
        @Default("null")
        @Nullable
        Integer limitAlphabet,

        @Doc("bpe, wordpiece: tokens are shorter; 0 for no limit.") @Default("0")
        int maxTokenLength) {
    /** @throws dev.jumbo.error.InputException if they do not fit each other */
    public TokenizerOutput {
        specialTokens = specialTokens == null ? null : List.copyOf(specialTokens);
        trainer(
                type,
                vocabSize,
                minFrequency,
                specialTokens,
                endOfDocument,
                words,
                lowercase,
                limitAlphabet,
                maxTokenLength);
    }

    /** What trains it. */
    public TokenizerTrainer trainer() {
        return trainer(
                type,
                vocabSize,
                minFrequency,
                specialTokens,
                endOfDocument,
                words,
                lowercase,
                limitAlphabet,
                maxTokenLength);
    }

    private static TokenizerTrainer trainer(
            TokenizerType type,
            int size,
            long least,
            @Nullable List<String> named,
            @Nullable String end,
            WordRules words,
            boolean lowercase,
            @Nullable Integer alphabet,
            int longest) {
        TokenizerTrainer usual = TokenizerTrainer.of(type, size);
        List<String> special = named == null ? usual.specialTokens() : named;
        return new TokenizerTrainer(
                type,
                size,
                least,
                special,
                end == null ? TokenizerTrainer.end(special) : end,
                words,
                lowercase,
                alphabet == null ? usual.limitAlphabet() : alphabet,
                longest);
    }
}
