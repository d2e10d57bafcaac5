package dev.jumbo.text.wordpiece;

import dev.jumbo.text.bpe.Ids;
import dev.jumbo.text.bpe.WordCache;
import java.util.Arrays;
import java.util.Map;

/**
 * Words of visible ASCII to ids: of each, from its beginning on, the longest piece that the vocabulary has (Devlin et al. 2019; Wu et al. 2016). A mark of
 * punctuation is a word. What other characters are depends on a version of Unicode, so they are none of its business. Several threads may use it; they share
 * what is remembered of words.
 */
public final class WordPieces {
    private static final char FIRST_VISIBLE = '!';
    private static final char LAST_VISIBLE = '~';

    private final PieceTable pieces = new PieceTable();
    private final WordCache cache = new WordCache();
    private final boolean lowercase;
    private final int longest;
    private final int[] unknown;

    /**
     * Of a vocabulary.
     *
     * @param prefix of pieces within a word
     * @param unknown the id of a word that has no pieces
     * @param longest a word of more characters is unknown
     * @param lowercase whether capitals go
     */
    public WordPieces(Map<String, Integer> vocabulary, String prefix, int unknown, int longest, boolean lowercase) {
        this.lowercase = lowercase;
        this.longest = longest;
        this.unknown = new int[] {unknown};
        vocabulary.forEach((piece, id) -> {
            if (isVisible(piece)) {
                pieces.put(PieceTable.FIRST, piece, id);
            }
            if (piece.startsWith(prefix) && isVisible(piece.substring(prefix.length()))) {
                pieces.put(PieceTable.WITHIN, piece.substring(prefix.length()), id);
            }
        });
    }

    /** Whether a character is one that {@link #encode} takes. */
    public static boolean isVisible(char c) {
        return c >= FIRST_VISIBLE && c <= LAST_VISIBLE;
    }

    private static boolean isVisible(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            if (!isVisible(piece.charAt(i))) {
                return false;
            }
        }
        return !piece.isEmpty();
    }

    private static boolean isPunctuation(char c) {
        return c < '0' || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || c > 'z';
    }

    /** Adds the ids of characters that are all {@link #isVisible visible}. */
    public void encode(char[] text, int from, int to, Ids ids) {
        int at = from;
        while (at < to) {
            int end = at + 1;
            if (!isPunctuation(text[at])) {
                while (end < to && !isPunctuation(text[end])) {
                    end++;
                }
            }
            int[] found = word(text, at, end);
            ids.addAll(found, found.length);
            at = end;
        }
    }

    private int[] word(char[] text, int from, int to) {
        if (to - from > WordCache.LONGEST) {
            return divided(text, from, to);
        }
        int place = WordCache.place(text, from, to);
        int[] known = cache.find(place, text, from, to);
        if (known != null) {
            return known;
        }
        int[] found = divided(text, from, to);
        cache.put(place, text, from, to, found);
        return found;
    }

    private int[] divided(char[] text, int from, int to) {
        if (to - from > longest) {
            return unknown;
        }
        int[] found = new int[to - from];
        int count = 0;
        int at = from;
        while (at < to) {
            int node = at == from ? PieceTable.FIRST : PieceTable.WITHIN;
            int end = at;
            for (int i = at; i < to; i++) {
                char c = text[i];
                node = pieces.next(node, lowercase && c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
                if (node < 0) {
                    break;
                }
                if (pieces.id(node) >= 0) {
                    found[count] = pieces.id(node);
                    end = i + 1;
                }
            }
            if (end == at) {
                return unknown;
            }
            count++;
            at = end;
        }
        return count == found.length ? found : Arrays.copyOf(found, count);
    }
}
