package dev.jumbo.text.bpe;

import dev.jumbo.text.split.Splitter;
import java.util.Arrays;
import java.util.Map;

/**
 * Text to ids by byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019): words by rules, their bytes, and merges by rank. Several threads
 * may use it; they share what is remembered of words.
 */
public final class BytePairs {
    private final Splitter splitter;
    private final int[] bytes;
    private final MergeTable merges;
    private final Map<String, Integer> whole;
    private final WordCache cache = new WordCache();

    /**
     * Of its parts.
     *
     * @param bytes the ids of the 256 bytes
     * @param whole words that are tokens without a look at merges, written as Latin-1 of their bytes; empty for none
     */
    public BytePairs(Splitter splitter, int[] bytes, MergeTable merges, Map<String, Integer> whole) {
        this.splitter = splitter;
        this.bytes = bytes.clone();
        this.merges = merges;
        this.whole = whole;
    }

    /** What one thread works with. */
    public final class Worker implements Splitter.Pieces {
        private final Merging merging = new Merging(merges);
        private byte[] utf8 = new byte[96];
        private Ids into = new Ids(0);

        /** Adds the ids of a part of a text. */
        public void encode(char[] text, int from, int to, Ids ids) {
            into = ids;
            splitter.split(text, from, to, this);
        }

        @Override
        public void piece(char[] text, int from, int to) {
            if (to - from > WordCache.LONGEST) {
                int count = merged(text, from, to); // may replace the array
                into.addAll(merging.ids, count);
                return;
            }
            int place = WordCache.place(text, from, to);
            int[] known = cache.find(place, text, from, to);
            if (known != null) {
                into.addAll(known, known.length);
                return;
            }
            int count = merged(text, from, to);
            into.addAll(merging.ids, count);
            cache.put(place, text, from, to, Arrays.copyOf(merging.ids, count));
        }

        /** Ids of a word, which are the first of {@code merging.ids}. */
        private int merged(char[] text, int from, int to) {
            int room = 3 * (to - from);
            if (utf8.length < room) {
                utf8 = new byte[Math.max(room, 2 * utf8.length)];
            }
            int count = bytes(text, from, to);
            merging.room(Math.max(count, 1));
            if (!whole.isEmpty()) {
                @SuppressWarnings("deprecation") // The fast way from bytes to Latin-1.
                Integer one = whole.get(new String(utf8, 0, 0, count));
                if (one != null) {
                    merging.ids[0] = one;
                    return 1;
                }
            }
            for (int i = 0; i < count; i++) {
                merging.ids[i] = bytes[utf8[i] & 0xff];
            }
            return merging.merge(count);
        }

        private int bytes(char[] text, int from, int to) {
            int n = 0;
            for (int i = from; i < to; i++) {
                char c = text[i];
                if (c < 0x80) {
                    utf8[n++] = (byte) c;
                } else if (c < 0x800) {
                    utf8[n++] = (byte) (0xc0 | c >> 6);
                    utf8[n++] = (byte) (0x80 | (c & 0x3f));
                } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text[i + 1])) {
                    int code = Character.toCodePoint(c, text[++i]);
                    utf8[n++] = (byte) (0xf0 | code >> 18);
                    utf8[n++] = (byte) (0x80 | ((code >> 12) & 0x3f));
                    utf8[n++] = (byte) (0x80 | ((code >> 6) & 0x3f));
                    utf8[n++] = (byte) (0x80 | (code & 0x3f));
                } else {
                    int code = Character.isSurrogate(c) ? 0xfffd : c; // half a character
                    utf8[n++] = (byte) (0xe0 | code >> 12);
                    utf8[n++] = (byte) (0x80 | ((code >> 6) & 0x3f));
                    utf8[n++] = (byte) (0x80 | (code & 0x3f));
                }
            }
            return n;
        }
    }

    /** For one thread. */
    public Worker worker() {
        return new Worker();
    }
}
