package dev.jumbo.text.train;

import dev.jumbo.text.split.Splitter;
import java.util.Arrays;
import java.util.function.ObjLongConsumer;

/**
 * How often each piece of a corpus occurs: all that training keeps of it. A piece costs its characters and about 60 bytes, once. Pieces are handed out in
 * order, so what is made of them does not depend on the order of the texts. For one thread; counts of several are added up.
 */
public final class WordCounts implements Splitter.Pieces {
    private String[] words = new String[1 << 12];
    private long[] counts = new long[1 << 12];
    private int size;

    @Override
    public void piece(char[] text, int from, int to) {
        int slot = slot(text, from, to);
        if (words[slot] == null) {
            put(slot, new String(text, from, to - from), 1);
        } else {
            counts[slot]++;
        }
    }

    /** Counts a word some times more. */
    public void add(String word, long times) {
        char[] text = word.toCharArray();
        int slot = slot(text, 0, text.length);
        if (words[slot] == null) {
            put(slot, word, times);
        } else {
            counts[slot] += times;
        }
    }

    /** Adds all of others. */
    public void addAll(WordCounts others) {
        for (int i = 0; i < others.words.length; i++) {
            if (others.words[i] != null) {
                add(others.words[i], others.counts[i]);
            }
        }
    }

    private void put(int slot, String word, long times) {
        words[slot] = word;
        counts[slot] = times;
        size++;
        if (size > words.length / 2) {
            grow();
        }
    }

    private int slot(char[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i]; // String.hashCode, which grow() uses
        }
        int mask = words.length - 1;
        int at = spread(hash) & mask;
        while (words[at] != null && !same(words[at], text, from, to)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ (mixed >>> 15);
    }

    private static boolean same(String word, char[] text, int from, int to) {
        int length = to - from;
        if (word.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (word.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        String[] oldWords = words;
        long[] oldCounts = counts;
        words = new String[2 * oldWords.length];
        counts = new long[words.length];
        int mask = words.length - 1;
        for (int i = 0; i < oldWords.length; i++) {
            if (oldWords[i] != null) {
                int at = spread(oldWords[i].hashCode()) & mask;
                while (words[at] != null) {
                    at = (at + 1) & mask;
                }
                words[at] = oldWords[i];
                counts[at] = oldCounts[i];
            }
        }
    }

    /** How many different words. */
    public int size() {
        return size;
    }

    /** Each word with its count, in the order of {@link String#compareTo}. */
    public void forEach(ObjLongConsumer<String> each) {
        Integer[] order = new Integer[size];
        int n = 0;
        for (int i = 0; i < words.length; i++) {
            if (words[i] != null) {
                order[n++] = i;
            }
        }
        Arrays.sort(order, (a, b) -> words[a].compareTo(words[b]));
        for (int i : order) {
            each.accept(words[i], counts[i]);
        }
    }
}
