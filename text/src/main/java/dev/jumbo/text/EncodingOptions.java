package dev.jumbo.text;

import dev.jumbo.error.InputException;
import dev.jumbo.text.Encoding.Side;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Tokenizer#encoding} does beside dividing a text.
 *
 * @param specialTokens whether the marks that the model expects stand around texts ({@code add_special_tokens})
 * @param maxLength the most tokens, marks included; 0 for no limit
 * @param truncation which of two texts is cut to keep it
 * @param side which end of a text is cut
 */
public record EncodingOptions(boolean specialTokens, int maxLength, Truncation truncation, Side side) {
    /** Which of two texts is cut. As the strategies of Hugging Face's library. */
    public enum Truncation {
        /** None: a longer text is an error. */
        NONE,
        /** The longer one first, then both. */
        LONGEST_FIRST,
        /** The first alone. */
        ONLY_FIRST,
        /** The second alone. */
        ONLY_SECOND
    }

    public EncodingOptions {
        if (maxLength < 0) {
            throw new InputException("expected a length of 0 (no limit) or more, received " + maxLength);
        }
    }

    /** The tokens alone. */
    public static EncodingOptions plain() {
        return new EncodingOptions(false, 0, Truncation.NONE, Side.RIGHT);
    }

    /** With the marks that the model expects. */
    public static EncodingOptions marked() {
        return new EncodingOptions(true, 0, Truncation.NONE, Side.RIGHT);
    }

    /** The same, the longest text cut at its end to so many tokens in all. */
    public EncodingOptions truncatedTo(int most) {
        return new EncodingOptions(specialTokens, most, Truncation.LONGEST_FIRST, Side.RIGHT);
    }

    Encoding apply(Tokenizer tokenizer, Encoding first, @Nullable Encoding second) {
        Marks marks = specialTokens ? tokenizer.marks() : Marks.none();
        int added = marks.count(second != null);
        int length = first.length() + (second == null ? 0 : second.length());
        if (maxLength == 0 || length + added <= maxLength) {
            return marks.around(first, second);
        }
        if (truncation == Truncation.NONE) {
            throw new InputException("expected at most " + maxLength + " tokens, received " + (length + added)
                    + "; shorten the text, or allow truncation");
        }
        if (added > maxLength) {
            throw new InputException("expected room for the " + added + " marks of a text, received a limit of "
                    + maxLength + " tokens");
        }
        int room = maxLength - added;
        if (second == null) {
            if (truncation == Truncation.ONLY_SECOND) {
                throw tooLong(length + added);
            }
            return marks.around(first.cut(room, side), null);
        }
        int a = first.length();
        int b = second.length();
        switch (truncation) {
            case ONLY_FIRST -> a = room - b;
            case ONLY_SECOND -> b = room - a;
            default -> {
                int less = Math.min(a, b);
                int more = less > room ? less : Math.max(less, room - less);
                if (less + more > room) {
                    less = room / 2;
                    more = less + room % 2;
                }
                boolean firstIsLess = a <= b;
                a = firstIsLess ? less : more;
                b = firstIsLess ? more : less;
            }
        }
        if (a < 0
                || b < 0
                || (a == 0 && truncation == Truncation.ONLY_FIRST)
                || (b == 0 && truncation == Truncation.ONLY_SECOND)) {
            throw tooLong(length + added);
        }
        return marks.around(first.cut(a, side), second.cut(b, side));
    }

    private InputException tooLong(int length) {
        return new InputException("expected at most " + maxLength + " tokens, received " + length
                + ", more than the text that may be cut has; cut the other one too (longest_first), or allow more");
    }
}
