package dev.jumbo.config;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import java.util.regex.Pattern;

/**
 * A text that tells of each character that a regular expression looks at, so that none runs on: one that a file gives may have many repetitions
 * behind or inside of each other, which take as long as they like.
 *
 * @param text the text
 * @param step told of each look
 */
public record CountedText(CharSequence text, Runnable step) implements CharSequence {
    /** Thousands of times what a pattern of names looks at in the longest name. */
    private static final int MOST = 1_000_000;

    /**
     * Whether all of a name is what a regular expression means.
     *
     * @throws InputException if it does not come to an end within a million looks
     */
    public static boolean matches(Pattern pattern, String name) {
        int[] looked = {0};
        try {
            return pattern.matcher(new CountedText(name, () -> {
                        if (++looked[0] > MOST) {
                            throw endless(pattern, name);
                        }
                    }))
                    .matches();
        } catch (StackOverflowError e) {
            throw endless(pattern, name);
        }
    }

    private static InputException endless(Pattern pattern, String name) {
        return new InputException("expected a regular expression that comes to an end, received \""
                + Shown.begin(pattern.pattern()) + "\", which does not for \"" + Shown.begin(name)
                + "\": look for repetitions inside of each other, and for many of them");
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        step.run();
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
