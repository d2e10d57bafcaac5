package dev.jumbo.text.split;

import java.text.Normalizer;
import java.util.Locale;

/**
 * BERT's words (Devlin et al. 2019): control characters go, every Chinese character and every mark of punctuation is a word of its own, white space parts the
 * rest; {@code lowercase} takes capitals and accents away. As {@code BertNormalizer} and {@code BertPreTokenizer} of a {@code tokenizer.json}.
 *
 * @param lowercase whether capitals and accents go
 */
public record BertWords(boolean lowercase) implements Splitter {
    /** The text that is divided. */
    public String normalize(String text) {
        StringBuilder clean = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c == 0 || c == 0xfffd || isControl(c)) {
                return;
            }
            if (LetterKinds.isWhiteSpace(c)) {
                clean.append(' ');
            } else if (isChinese(c)) {
                clean.append(' ').appendCodePoint(c).append(' ');
            } else {
                clean.appendCodePoint(c);
            }
        });
        if (!lowercase) {
            return clean.toString();
        }
        String apart = Normalizer.normalize(clean, Normalizer.Form.NFD);
        StringBuilder bare = new StringBuilder(apart.length());
        apart.codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(bare::appendCodePoint);
        return lower(bare.toString());
    }

    /** Each character by itself: a sigma at the end of a word is like others. */
    private static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c < 0x80) {
                lower.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
            } else {
                lower.append(Character.toString(c).toLowerCase(Locale.ROOT));
            }
        });
        return lower.toString();
    }

    private static boolean isControl(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private static boolean isChinese(int c) {
        return (c >= 0x4e00 && c <= 0x9fff)
                || (c >= 0x3400 && c <= 0x4dbf)
                || (c >= 0x20000 && c <= 0x2a6df)
                || (c >= 0x2a700 && c <= 0x2b73f)
                || (c >= 0x2b740 && c <= 0x2b81f)
                || (c >= 0x2b920 && c <= 0x2ceaf)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0x2f800 && c <= 0x2fa1f);
    }

    private static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /** Of a text that {@link #normalize} gave; white space is in no piece. */
    @Override
    public void split(char[] text, int from, int to, Pieces pieces) {
        int start = from;
        int at = from;
        while (at < to) {
            int c = Character.codePointAt(text, at, to);
            int end = at + Character.charCount(c);
            boolean blank = LetterKinds.isWhiteSpace(c);
            if (blank || isPunctuation(c)) {
                if (start < at) {
                    pieces.piece(text, start, at);
                }
                if (!blank) {
                    pieces.piece(text, at, end);
                }
                start = end;
            }
            at = end;
        }
        if (start < to) {
            pieces.piece(text, start, to);
        }
    }
}
