package dev.jumbo.text.train;

import dev.jumbo.error.InputException;
import dev.jumbo.text.split.ByteLetters;
import java.util.ArrayList;
import java.util.List;

/**
 * What was learned.
 *
 * @param tokens in the order of their ids
 * @param merges pairs of ids in the order of their rank; empty where tokens are not merged
 * @param scores natural logarithms of the tokens' probabilities; empty where they have none
 */
record Vocabulary(List<String> tokens, List<int[]> merges, List<Double> scores) {
    /** The characters in the order of their numbers, and the special tokens. */
    static Vocabulary ofCharacters(TokenizerTrainer trainer, WordCounts counts) {
        List<String> tokens = new ArrayList<>();
        counts.forEach((character, times) -> {
            if (times >= trainer.minFrequency()) {
                tokens.add(character);
            }
        });
        // Strings are in the order of their 16-bit units, which is another one beyond the first 65,536 characters.
        tokens.sort((a, b) -> Integer.compare(a.codePointAt(0), b.codePointAt(0)));
        return withSpecial(tokens, trainer);
    }

    /** Each byte with its value as its id, and the special tokens behind them. */
    static Vocabulary ofBytes(TokenizerTrainer trainer) {
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteLetters.of(b)));
        }
        return withSpecial(tokens, trainer);
    }

    private static Vocabulary withSpecial(List<String> tokens, TokenizerTrainer trainer) {
        for (String special : trainer.specialTokens()) {
            if (tokens.contains(special)) {
                throw new InputException(
                        "the special token \"" + special + "\" is a token of the texts; name another one");
            }
        }
        tokens.addAll(trainer.specialTokens());
        return new Vocabulary(tokens, List.of(), List.of());
    }

    static void requireRoom(TokenizerTrainer trainer, int needed) {
        if (trainer.vocabularySize() < needed) {
            throw new InputException("expected a vocabulary of at least " + needed
                    + " tokens, which the special tokens and single letters need, received "
                    + trainer.vocabularySize() + "; ask for more");
        }
    }
}
