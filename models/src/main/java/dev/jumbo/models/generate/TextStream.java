package dev.jumbo.models.generate;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The text of tokens that come one by one. What it gives never changes afterwards: half a character waits for its other bytes, and what may
 * be the beginning of a text that ends the answer waits until it is known.
 */
final class TextStream {
    /** Tokens before the new ones that are decoded again, since some tokenizers write blanks by what is before. */
    private static final int BEFORE = 8;

    /** A character has four bytes: more tokens without one are no half of a character. */
    private static final int MOST_WAITING = 8;

    private static final char HALF = '\uFFFD';

    private final Function<int[], String> decoder;
    private final List<String> stops;
    private int[] tokens;
    private int size;
    /** Tokens from here to {@link #given} are decoded again; their text was given. */
    private int from;

    private int given;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /** @param prompt what the answer goes on from @param stops texts that end it */
    TextStream(Function<int[], String> decoder, int[] prompt, List<String> stops) {
        this.decoder = decoder;
        this.stops = stops;
        tokens = Arrays.copyOf(prompt, prompt.length + 64);
        size = prompt.length;
        given = size;
        from = Math.max(0, size - BEFORE);
    }

    /** One more token. @return text that is settled by it, often none */
    String add(int token) {
        if (stopped) {
            return "";
        }
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        tokens[size++] = token;
        String text = fresh();
        boolean half = !text.isEmpty() && text.charAt(text.length() - 1) == HALF;
        if (text.isEmpty() || (half && size - given <= MOST_WAITING)) {
            return "";
        }
        return settle(text);
    }

    /** At the end: what was still waiting. */
    String end() {
        if (stopped) {
            return "";
        }
        String settled = settle(fresh());
        return stopped ? settled : settled + held;
    }

    /** The text of the tokens that were not given. */
    private String fresh() {
        String before = decoder.apply(Arrays.copyOfRange(tokens, from, given));
        String all = decoder.apply(Arrays.copyOfRange(tokens, from, size));
        return all.length() > before.length() ? all.substring(before.length()) : "";
    }

    private String settle(String text) {
        from = Math.max(0, given - BEFORE);
        given = size;
        held.append(text);
        int stop = firstStop();
        if (stop >= 0) {
            stopped = true;
            return held.substring(0, stop);
        }
        String settled = held.substring(0, held.length() - waiting());
        held.delete(0, settled.length());
        return settled;
    }

    private int firstStop() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }
        return first;
    }

    /** Characters at the end that may be the beginning of a stop. */
    private int waiting() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    /** Whether a text that ends the answer came. */
    boolean stopped() {
        return stopped;
    }
}
