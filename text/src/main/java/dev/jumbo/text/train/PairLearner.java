package dev.jumbo.text.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding's learning (Sennrich et al. 2016): the commonest pair of neighbours becomes a symbol, again and again. Of pairs that are as common the
 * one of the smaller symbols goes first, as in Hugging Face's trainer, whose merges these are; so are its habits where a symbol comes about in two ways:
 * a pair that comes up again is merged in the words where it came up since, and ranks where it was merged last.
 */
final class PairLearner {
    /**
     * What is asked for.
     *
     * @param prefix what a symbol within a word begins with: WordPiece's {@code ##}, or empty
     * @param longest a symbol is shorter than that, if it is not of two that words begin with
     */
    record Settings(int vocabularySize, long minFrequency, String prefix, int longest) {}

    /** Symbols in the order of their ids, and merges, as pairs of ids, in the order of their rank. */
    record Learned(List<String> symbols, List<int[]> merges) {}

    /** A pair with the words in which it came up; its count may be another one by now. */
    private record Candidate(long pair, long count, IntList where) {
        /** The commonest first, then the one of the smallest symbols. */
        static int order(Candidate a, Candidate b) {
            return a.count != b.count ? Long.compare(b.count, a.count) : Long.compare(a.pair, b.pair);
        }
    }

    private final Settings settings;
    private final List<String> symbols;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int[][] words;
    private final long[] counts;
    /** Letters of each symbol, as far as {@code longest} asks. */
    private final List<Integer> lengths = new ArrayList<>();

    private final PairCounts pairs = new PairCounts();
    private Map<Long, IntList> fresh = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate::order);

    /**
     * @param symbols those that there are, in the order of their ids
     * @param words of ids of symbols; used up
     * @param counts of each word
     */
    PairLearner(Settings settings, List<String> symbols, int[][] words, long[] counts) {
        this.settings = settings;
        this.symbols = new ArrayList<>(symbols);
        for (int id = 0; id < symbols.size(); id++) {
            ids.put(symbols.get(id), id);
            lengths.add(1);
        }
        this.words = words;
        this.counts = counts;
    }

    Learned learn() {
        for (int w = 0; w < words.length; w++) {
            for (int i = 1; i < words[w].length; i++) {
                long pair = PairCounts.pair(words[w][i - 1], words[w][i]);
                pairs.add(pair, counts[w]);
                fresh.computeIfAbsent(pair, p -> new IntList()).addOnce(w);
            }
        }
        enqueueFresh();
        Map<Long, Integer> merges = new LinkedHashMap<>();
        while (symbols.size() < settings.vocabularySize() && !queue.isEmpty()) {
            Candidate top = queue.remove();
            long count = pairs.get(top.pair());
            if (count != top.count()) {
                queue.add(new Candidate(top.pair(), count, top.where()));
                continue;
            }
            if (count < 1 || count < settings.minFrequency()) {
                break;
            }
            int left = (int) (top.pair() >>> 32);
            int right = (int) top.pair();
            int joined = join(left, right);
            merges.remove(top.pair());
            merges.put(top.pair(), joined);
            for (int i = 0; i < top.where().size(); i++) {
                merge(top.where().get(i), left, right, joined);
            }
            enqueueFresh();
        }
        List<int[]> ranked = new ArrayList<>(merges.size());
        for (long pair : merges.keySet()) {
            ranked.add(new int[] {(int) (pair >>> 32), (int) pair});
        }
        return new Learned(symbols, ranked);
    }

    private void enqueueFresh() {
        for (Map.Entry<Long, IntList> each : fresh.entrySet()) {
            long count = pairs.get(each.getKey());
            if (count > 0) {
                queue.add(new Candidate(each.getKey(), count, each.getValue()));
            }
        }
        fresh = new HashMap<>();
    }

    private int join(int left, int right) {
        String behind = symbols.get(right);
        String text = symbols.get(left)
                + (behind.startsWith(settings.prefix())
                        ? behind.substring(settings.prefix().length())
                        : behind);
        Integer known = ids.get(text);
        if (known != null) {
            return known;
        }
        int id = symbols.size();
        symbols.add(text);
        ids.put(text, id);
        lengths.add(lengths.get(left) + lengths.get(right));
        return id;
    }

    private void merge(int word, int left, int right, int joined) {
        int[] old = words[word];
        int to = 0;
        int length = lengths.get(left) + lengths.get(right);
        for (int from = 0; from < old.length; ) {
            if (old[from] != left || from + 1 == old.length || old[from + 1] != right) {
                old[to++] = old[from++];
                continue;
            }
            if (to > 0) {
                replace(
                        word,
                        PairCounts.pair(old[to - 1], left),
                        PairCounts.pair(old[to - 1], joined),
                        length + lengths.get(old[to - 1]));
            }
            if (from + 2 < old.length) {
                int next = old[from + 2];
                replace(word, PairCounts.pair(right, next), PairCounts.pair(joined, next), length + lengths.get(next));
            }
            old[to++] = joined;
            from += 2;
        }
        words[word] = Arrays.copyOf(old, to);
    }

    private void replace(int word, long gone, long made, int length) {
        pairs.add(gone, -counts[word]);
        if (length < settings.longest()) {
            pairs.add(made, counts[word]);
            fresh.computeIfAbsent(made, p -> new IntList()).addOnce(word);
        }
    }
}
