package dev.jumbo.spark.text.decontaminate;

import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.NormalWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The n-grams of evaluation sets as hashes of 64 bits: 16 bytes for each, and no text. Immutable and safe for several
 * threads.
 *
 * <p>An example with fewer than n words, but at least {@code shortest}, is one n-gram of its own length. Shorter examples
 * are in too many innocent texts and are left out. With a million n-grams the chance that a document of a thousand
 * words meets one by accident of hashing is below 1e-10.
 */
public final class NgramIndex {
    private final List<String> sets;
    private final Map<Integer, Table> byLength;
    private final Map<String, Integer> skipped;

    private NgramIndex(List<String> sets, Map<Integer, Table> byLength, Map<String, Integer> skipped) {
        this.sets = sets;
        this.byLength = byLength;
        this.skipped = skipped;
    }

    /**
     * Where a document meets an evaluation set.
     *
     * @param set the set of the first hit
     * @param ngram its words
     * @param hits how many positions of the document are hits, of any set
     */
    public record Hit(String set, String ngram, int hits) {}

    /** An index to be filled. @param n words of an n-gram @param shortest the fewest words of an example that counts */
    public static Builder builder(int n, int shortest) {
        return new Builder(n, shortest);
    }

    /** Number of different n-grams. */
    public int size() {
        return byLength.values().stream().mapToInt(table -> table.hashes.length).sum();
    }

    /** Examples that were too short to count, by set. */
    public Map<String, Integer> skipped() {
        return skipped;
    }

    /** Where the document meets a set; empty if nowhere. */
    public Optional<Hit> find(NormalWords words) {
        int hits = 0;
        int firstSet = -1;
        String first = "";
        // Longest first, so that the hit that is shown is the longest.
        for (Map.Entry<Integer, Table> entry : byLength.entrySet()) {
            int n = entry.getKey();
            if (words.count() < n) {
                continue;
            }
            long[] grams = words.ngrams(n);
            for (int i = 0; i < grams.length; i++) {
                int set = entry.getValue().find(grams[i]);
                if (set >= 0) {
                    hits++;
                    if (firstSet < 0) {
                        firstSet = set;
                        first = words.text(i, i + n);
                    }
                }
            }
        }
        return hits == 0 ? Optional.empty() : Optional.of(new Hit(sets.get(firstSet), first, hits));
    }

    /** Hashes in ascending order, and the set of each. */
    private record Table(long[] hashes, int[] sets) {
        int find(long hash) {
            int index = Arrays.binarySearch(hashes, hash);
            return index < 0 ? -1 : sets[index];
        }
    }

    /** Collects examples. For one thread. */
    public static final class Builder {
        private final int n;
        private final int shortest;
        private final List<String> sets = new ArrayList<>();
        private final Map<Integer, Map<Long, Integer>> byLength = new TreeMap<>((a, b) -> Integer.compare(b, a));
        private final Map<String, Integer> skipped = new TreeMap<>();

        private Builder(int n, int shortest) {
            if (shortest < 1 || n < shortest) {
                throw new InputException("expected n >= shortest >= 1, received n " + n + " and shortest " + shortest);
            }
            this.n = n;
            this.shortest = shortest;
        }

        /** One example of a set. An n-gram of several sets belongs to the first. */
        public Builder add(String set, String example) {
            NormalWords words = NormalWords.of(example);
            if (words.count() < shortest) {
                skipped.merge(set, 1, Integer::sum);
                return this;
            }
            if (!sets.contains(set)) {
                sets.add(set);
            }
            int number = sets.indexOf(set);
            Map<Long, Integer> grams = byLength.computeIfAbsent(Math.min(n, words.count()), k -> new TreeMap<>());
            for (long gram : words.ngrams(n)) {
                grams.putIfAbsent(gram, number);
            }
            return this;
        }

        public NgramIndex build() {
            Map<Integer, Table> tables = new TreeMap<>((a, b) -> Integer.compare(b, a));
            byLength.forEach((length, grams) -> tables.put(
                    length,
                    new Table(
                            grams.keySet().stream().mapToLong(Long::longValue).toArray(),
                            grams.values().stream().mapToInt(Integer::intValue).toArray())));
            return new NgramIndex(List.copyOf(sets), tables, Map.copyOf(skipped));
        }
    }
}
