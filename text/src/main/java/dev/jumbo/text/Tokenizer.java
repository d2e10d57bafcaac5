package dev.jumbo.text;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Text to tokens and back. Safe for several threads.
 *
 * <p>The end of a document is a token that no text gives by accident; whoever joins documents puts it after each. Half a surrogate pair in a text counts as
 * U+FFFD.
 */
public interface Tokenizer extends AutoCloseable {
    /** The tokens of a text, without marks of beginning or end. @return each from 0 to {@link #vocabularySize} - 1 */
    int[] encode(String text);

    /** The tokens of several texts, {@code threads} at a time, in the order of the texts. */
    default List<int[]> encodeAll(List<String> texts, int threads) {
        return EncodeAll.of(this, texts, threads);
    }

    /**
     * The tokens of a text with their places in it, and with marks and a limit where the options say so.
     *
     * @throws InputException if this tokenizer knows no places, or no marks
     */
    default Encoding encoding(String text, EncodingOptions options) {
        return options.apply(this, tokens(text), null);
    }

    /** As {@link #encoding(String, EncodingOptions)}, of two texts that belong together: question and context, premise and hypothesis. */
    default Encoding encoding(String first, String second, EncodingOptions options) {
        return options.apply(this, tokens(first), tokens(second));
    }

    /** The tokens of a text with their places in it, without marks. */
    default Encoding tokens(String text) {
        throw new InputException(
                "this tokenizer does not know where tokens stand in a text; encode(text) gives their ids");
    }

    /** The marks that a model of this tokenizer expects around texts; none where it expects none. */
    default Marks marks() {
        return Marks.none();
    }

    /**
     * The text of tokens; marks give nothing.
     *
     * @throws InputException if there is no such token
     */
    String decode(int[] tokens);

    /** The text of tokens with the marks written out. */
    default String decodeAll(int[] tokens) {
        StringBuilder text = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= tokens.length; i++) {
            if (i == tokens.length || isSpecial(tokens[i])) {
                if (start < i) {
                    text.append(decode(Arrays.copyOfRange(tokens, start, i)));
                }
                if (i < tokens.length) {
                    text.append(token(tokens[i]));
                }
                start = i + 1;
            }
        }
        return text.toString();
    }

    /** A token as the vocabulary writes it, such as {@code Ġthe}, {@code ##ing} or {@code ▁the}. @throws InputException if there is none */
    default String token(int id) {
        return decode(new int[] {id});
    }

    /** The id of a token as the vocabulary writes it; -1 where there is none. */
    default int id(String token) {
        return IntStream.range(0, vocabularySize())
                .filter(id -> token(id).equals(token))
                .findFirst()
                .orElse(-1);
    }

    /** Whether a token is a mark, which no text says. */
    default boolean isSpecial(int id) {
        return id == endOfDocument();
    }

    /** The token that fills up short texts; null where there is none, and any will do under a mask. */
    default @Nullable Integer padding() {
        for (String known : List.of("[PAD]", "<pad>", "<|pad|>", "<|endoftext|>")) {
            int id = id(known);
            if (id >= 0) {
                return id;
            }
        }
        return null;
    }

    /** Number of tokens that there are, marks included: one more than the largest id. */
    int vocabularySize();

    /** The token that ends a document. */
    int endOfDocument();

    /**
     * Checks that a model has a place for every token.
     *
     * @param modelVocabulary how many tokens the model knows
     * @throws InputException if this tokenizer has more
     */
    default void requireFits(int modelVocabulary, String model) {
        if (vocabularySize() > modelVocabulary) {
            throw new InputException("the tokenizer has " + vocabularySize() + " tokens and " + model + " only "
                    + modelVocabulary + "; use the tokenizer that the model was trained with");
        }
    }

    @Override
    void close();
}
