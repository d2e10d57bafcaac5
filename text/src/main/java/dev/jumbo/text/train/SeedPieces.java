package dev.jumbo.text.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pieces that a Unigram model begins with: every character, and of the substrings of words that occur twice or more those that cover most. */
final class SeedPieces {
    private static final int MOST = 1_000_000;
    private static final int LONGEST = 16;

    private SeedPieces() {}

    /** A substring with how much of the text it covers. */
    private record Seed(String text, double weight) {}

    /** @param words as characters @param counts of each @param letters all characters, which come first */
    static Map<String, Double> of(List<int[]> words, List<Long> counts, Map<Integer, Long> letters) {
        List<Seed> seeds = new ArrayList<>();
        Set<String> frequent = new HashSet<>();
        letters.keySet().forEach(c -> frequent.add(Character.toString(c)));
        Set<String> shorter = frequent;
        for (int length = 2; length <= LONGEST && !shorter.isEmpty(); length++) {
            Map<String, Long> found = new HashMap<>();
            for (int w = 0; w < words.size(); w++) {
                int[] word = words.get(w);
                for (int i = 0; i + length <= word.length; i++) {
                    // What is rare stays rare when it grows: each level looks at what grew from the one below.
                    if (shorter.contains(new String(word, i, length - 1))
                            && shorter.contains(new String(word, i + 1, length - 1))) {
                        found.merge(new String(word, i, length), counts.get(w), Long::sum);
                    }
                }
            }
            found.values().removeIf(times -> times < 2);
            int size = length;
            found.forEach((text, times) -> seeds.add(new Seed(text, (double) times * size)));
            shorter = found.keySet();
            if (seeds.size() > 2 * MOST) {
                keep(seeds);
            }
        }
        keep(seeds);
        Map<String, Double> weights = new LinkedHashMap<>();
        letters.forEach((c, times) -> weights.put(Character.toString(c), (double) times));
        seeds.forEach(seed -> weights.put(seed.text(), seed.weight()));
        return weights;
    }

    private static void keep(List<Seed> seeds) {
        seeds.sort(Comparator.comparingDouble(Seed::weight).reversed().thenComparing(Seed::text));
        if (seeds.size() > MOST) {
            seeds.subList(MOST, seeds.size()).clear();
        }
    }
}
