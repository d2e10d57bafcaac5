package dev.jumbo.data.shards;

import java.util.Arrays;

/**
 * Which window is in which document. A document of L tokens has L - 1 targets in ceil((L - 1) / context) windows. Not
 * every document's first window is kept, but every {@value #STEP}th's: the rest is counted in the mapped index.
 */
final class DocumentWindows {
    private static final int STEP = 256;

    private final TokenShards shards;
    private final int context;
    private final long[] before;

    /** @param from the window's first token in the stream @param targets how many it has, 1 to the context */
    record Place(long from, int targets) {}

    private DocumentWindows(TokenShards shards, int context, long[] before) {
        this.shards = shards;
        this.context = context;
        this.before = before;
    }

    static DocumentWindows of(TokenShards shards, int context) {
        int blocks = Math.toIntExact((shards.documents() + STEP - 1) / STEP);
        long[] before = new long[blocks + 1];
        long start = 0;
        for (int block = 0; block < blocks; block++) {
            long last = Math.min(shards.documents(), (block + 1L) * STEP);
            long windows = 0;
            for (long document = (long) block * STEP; document < last; document++) {
                long end = shards.start(document + 1);
                windows += windows(end - start, context);
                start = end;
            }
            before[block + 1] = before[block] + windows;
        }
        return new DocumentWindows(shards, context, before);
    }

    long count() {
        return before[before.length - 1];
    }

    Place place(int window) {
        int found = Arrays.binarySearch(before, window + 1L);
        int block = (found >= 0 ? found : -found - 1) - 1;
        while (before[block] > window) {
            block--; // Blocks without windows have equal counts, of which the search finds any.
        }
        long left = window - before[block];
        long document = (long) block * STEP;
        long start = shards.start(document);
        long end = shards.start(document + 1);
        for (long windows = windows(end - start, context); left >= windows; windows = windows(end - start, context)) {
            left -= windows;
            document++;
            start = end;
            end = shards.start(document + 1);
        }
        long from = start + left * context;
        return new Place(from, (int) Math.min(context, end - 1 - from));
    }

    private static long windows(long tokens, int context) {
        return tokens < 2 ? 0 : (tokens - 2) / context + 1;
    }
}
