package dev.jumbo.text.split;

import java.nio.charset.StandardCharsets;

/**
 * GPT-2's way of writing bytes as characters that can be seen: {@code !} to {@code ~} and most of Latin-1 stand for themselves, the other 68 bytes are U+0100 to
 * U+0143 in their order.
 */
public final class ByteLetters {
    private static final char[] LETTERS = letters();
    private static final byte[] BYTES = new byte[324];
    private static final boolean[] KNOWN = new boolean[324];

    static {
        for (int b = 0; b < LETTERS.length; b++) {
            BYTES[LETTERS[b]] = (byte) b;
            KNOWN[LETTERS[b]] = true;
        }
    }

    private ByteLetters() {}

    private static char[] letters() {
        char[] letters = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean itself = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
            letters[b] = (char) (itself ? b : next++);
        }
        return letters;
    }

    /** The letter of a byte. */
    public static char of(int unsigned) {
        return LETTERS[unsigned];
    }

    /** The letters of the bytes of a text in UTF-8. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The letters of bytes. */
    public static String of(byte[] bytes) {
        char[] letters = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            letters[i] = LETTERS[bytes[i] & 0xff];
        }
        return new String(letters);
    }

    /** Whether each character is the letter of a byte. */
    public static boolean isWritten(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            if (letters.charAt(i) >= KNOWN.length || !KNOWN[letters.charAt(i)]) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of letters, of which {@link #isWritten} holds; of other texts their UTF-8. */
    public static byte[] bytes(String letters) {
        if (!isWritten(letters)) {
            return letters.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[letters.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = BYTES[letters.charAt(i)];
        }
        return bytes;
    }
}
