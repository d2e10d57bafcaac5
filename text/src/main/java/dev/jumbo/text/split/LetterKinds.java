package dev.jumbo.text.split;

/** What rules ask of a character: letter ({@code \p{L}}), number ({@code \p{N}}), white space (Unicode's {@code White_Space}) or none of them. */
public final class LetterKinds {
    static final byte OTHER = 0;
    static final byte LETTER = 1;
    static final byte NUMBER = 2;
    static final byte SPACE = 3;
    /** Not in this Java's version of Unicode; treated as {@link #OTHER}. */
    private static final byte UNASSIGNED = 4;

    /** Before it every character is assigned. */
    private static final int FIRST_UNASSIGNED = 0x378;

    private static final byte[] KINDS = kinds();

    private LetterKinds() {}

    private static byte[] kinds() {
        byte[] kinds = new byte[Character.MAX_CODE_POINT + 1];
        for (int c = 0; c < kinds.length; c++) {
            kinds[c] = of(c);
        }
        return kinds;
    }

    private static byte of(int c) {
        if (isWhiteSpace(c)) {
            return SPACE;
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.UNASSIGNED -> UNASSIGNED;
            default -> OTHER;
        };
    }

    /** Unicode's {@code White_Space}: 25 characters, all of one {@code char}. */
    public static boolean isWhiteSpace(int c) {
        return (c >= 9 && c <= 13)
                || c == ' '
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    /** The kind of the character that begins at a place. */
    static byte kind(char[] text, int at, int to) {
        byte kind = KINDS[Character.codePointAt(text, at, to)];
        return kind == UNASSIGNED ? OTHER : kind;
    }

    static byte kind(char single) {
        byte kind = KINDS[single];
        return kind == UNASSIGNED ? OTHER : kind;
    }

    /** Behind the characters of a kind that begin at a place. */
    static int run(byte kind, char[] text, int at, int to) {
        int i = at;
        while (i < to) {
            char c = text[i];
            if (!Character.isSurrogate(c)) {
                if (kind(c) != kind) {
                    return i;
                }
                i++;
            } else if (kind(text, i, to) == kind) {
                i = after(text, i, to);
            } else {
                return i;
            }
        }
        return i;
    }

    /** Behind the character at a place. */
    static int after(char[] text, int at, int to) {
        return Character.isHighSurrogate(text[at]) && at + 1 < to && Character.isLowSurrogate(text[at + 1])
                ? at + 2
                : at + 1;
    }

    /**
     * Whether each character is one that this Java knows. A library of another version of Unicode may take a character that is new for a letter.
     */
    public static boolean allKnown(char[] text, int length) {
        for (int i = 0; i < length; i++) {
            if (text[i] >= FIRST_UNASSIGNED && KINDS[Character.codePointAt(text, i, length)] == UNASSIGNED) {
                return false;
            }
        }
        return true;
    }
}
