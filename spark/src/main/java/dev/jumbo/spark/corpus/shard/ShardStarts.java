package dev.jumbo.spark.corpus.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where shards begin among all tokens: a shard has the documents whose first token lies from its start on and before the
 * start of the next.
 *
 * <p>Starts are {@code limit - longest + 1} apart, where {@code longest} is the longest of the common documents, those of a
 * quarter of the limit or less: shards of these are at most {@code limit} long, and more than half of it but for the last.
 * Longer documents are so few (less than four for each shard) that the place of each is known; one that does not fit begins
 * the next shard.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ShardStarts(long[] starts) implements Serializable {
    private static final int COMMON_PART = 4;

    /** A document that is not a common one. @param before tokens before it */
    record LongDocument(long before, long size) {
        long end() {
            return before + size;
        }
    }

    /** The most that a common document has. */
    static long common(long limit) {
        return limit / COMMON_PART;
    }

    /**
     * Plans the shards.
     *
     * @param total of all sizes
     * @param longest of the common documents; 0 if there is none
     * @param others in their order, none larger than the limit
     */
    static ShardStarts of(long total, long longest, List<LongDocument> others, long limit) {
        long step = limit - Math.max(1, longest) + 1;
        List<Long> starts = new ArrayList<>(List.of(0L));
        long start = 0;
        for (LongDocument other : others) {
            start = steps(start, other.before(), step, starts);
            if (other.end() > start + limit) {
                start = add(other.before(), starts);
            }
            if (other.end() >= start + step) {
                start = add(other.end(), starts);
            }
        }
        steps(start, total - 1, step, starts);
        return new ShardStarts(starts.stream().mapToLong(Long::longValue).toArray());
    }

    /** Begins shards as long as a place is not in the last one. @return the start of the last one */
    private static long steps(long start, long place, long step, List<Long> starts) {
        long last = start;
        while (last + step <= place) {
            last = add(last + step, starts);
        }
        return last;
    }

    private static long add(long start, List<Long> starts) {
        starts.add(start);
        return start;
    }

    /** The number of the shard in which a document lies; one without documents has a number, too. */
    int shard(long before) {
        int found = Arrays.binarySearch(starts, before);
        return found >= 0 ? found : -found - 2;
    }
}
