package dev.jumbo.text;

/**
 * Text to tokens and back. Safe for several threads.
 *
 * <p>The end of a document is a token that no text gives; whoever joins documents puts it after each.
 */
public interface Tokenizer extends AutoCloseable {
    /** The tokens of a text, without marks of beginning or end. @return each from 0 to {@link #vocabularySize} - 1 */
    int[] encode(String text);

    /** The text of tokens; marks give nothing. */
    String decode(int[] tokens);

    /** Number of tokens that there are, marks included. */
    int vocabularySize();

    /** The token that ends a document. */
    int endOfDocument();

    @Override
    void close();
}
