package dev.jumbo.text.bpe;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Words with their ids as they were last found: a table of fixed size in which a new word takes the place of an old one. For several threads without a lock:
 * an entry does not change, and whoever misses one computes it again.
 */
public final class WordCache {
    /** Longer words are rare, and are not to be remembered. */
    public static final int LONGEST = 24;

    private static final int PLACES = 1 << 16;

    /** A word and its ids. */
    private static final class Entry {
        private final char[] word;
        private final int[] ids;

        Entry(char[] word, int[] ids) {
            this.word = word;
            this.ids = ids;
        }
    }

    private final @Nullable Entry[] entries = new Entry[PLACES];

    /** Where a word is, if it is there. */
    public static int place(char[] text, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        hash *= 0x9e3779b9;
        return (hash ^ hash >>> 15) & (PLACES - 1);
    }

    /** The ids of a word, which are not to be changed; null where they are not remembered. */
    public int @Nullable [] find(int place, char[] text, int from, int to) {
        Entry entry = entries[place];
        return entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to) ? entry.ids : null;
    }

    /** Remembers a word. @param ids which nobody changes any more */
    public void put(int place, char[] text, int from, int to, int[] ids) {
        entries[place] = new Entry(Arrays.copyOfRange(text, from, to), ids);
    }
}
