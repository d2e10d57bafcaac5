package dev.jumbo.text.dataset;

import dev.jumbo.text.Tokenizer;
import java.util.Arrays;

/** The ids that models of a source and a target see: an encoder its source, a decoder the labels that it learns. */
public final class SourceIds {
    private SourceIds() {}

    /** A source: with the marks that the tokenizer puts around a text, or where it knows none with the end of a document behind it. */
    public static int[] source(Tokenizer tokenizer, int[] text) {
        return tokenizer.marks().count(false) > 0 ? tokenizer.marks().around(text) : labels(tokenizer, text);
    }

    /** Labels: the text and the token that ends it. */
    public static int[] labels(Tokenizer tokenizer, int[] text) {
        int[] all = Arrays.copyOf(text, text.length + 1);
        all[text.length] = tokenizer.endOfDocument();
        return all;
    }
}
