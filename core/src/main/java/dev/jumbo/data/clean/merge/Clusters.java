package dev.jumbo.data.clean.merge;

import dev.jumbo.data.clean.Proposal;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Finds spellings of the same value among the values of a column. The most frequent spelling of each stays, of equally
 * frequent ones the first in alphabetical order.
 */
public final class Clusters {
    /** Pairs are compared: beyond it that takes minutes. */
    private static final int MOST_COMPARED = 20_000;

    /** Below it one letter makes another word. */
    private static final int SHORTEST = 5;

    private Clusters() {}

    /**
     * The merges of a column.
     *
     * @param counts how many rows have each value
     * @param distance the most letters that may differ, for {@link MergeSimilar.Method#EDIT}
     */
    public static List<Proposal> of(
            String column, Map<String, Long> counts, List<MergeSimilar.Method> methods, int distance) {
        List<String> values = counts.entrySet().stream()
                .filter(e -> Double.isNaN(Numbers.parse(e.getKey())))
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        Map<String, String> to = new HashMap<>();
        Map<String, String> why = new HashMap<>();
        for (MergeSimilar.Method method : methods) {
            List<String> left = values.stream().filter(v -> !to.containsKey(v)).toList();
            switch (method) {
                case FINGERPRINT -> byKey(left, Similar::fingerprint, "the same words", to, why);
                case NGRAM -> byKey(left, Similar::ngrams, "the same pairs of letters", to, why);
                case EDIT -> byDistance(column, left, distance, to, why);
            }
        }
        List<Proposal> proposals = new ArrayList<>();
        for (String value : values) {
            String target = to.get(value);
            if (target == null) {
                continue;
            }
            while (to.containsKey(target)) { // What it would become may itself become another.
                target = to.getOrDefault(target, target);
            }
            proposals.add(new Proposal(
                    column,
                    value,
                    target,
                    counts.getOrDefault(value, 0L),
                    counts.getOrDefault(target, 0L),
                    why.getOrDefault(value, "")));
        }
        proposals.sort(Comparator.comparing(Proposal::to).thenComparing(Proposal::from));
        return proposals;
    }

    private static void byKey(
            List<String> values,
            UnaryOperator<String> key,
            String reason,
            Map<String, String> to,
            Map<String, String> why) {
        Map<String, String> first = new HashMap<>();
        for (String value : values) {
            String of = key.apply(value);
            String centre = of.isEmpty() ? null : first.putIfAbsent(of, value);
            if (centre != null) {
                to.put(value, centre);
                why.put(value, reason);
            }
        }
    }

    /** Rare values join frequent ones, never each other's followers, so that no chain leads far away. */
    private static void byDistance(
            String column, List<String> values, int distance, Map<String, String> to, Map<String, String> why) {
        if (values.size() > MOST_COMPARED) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "merge_similar: the column %s has %,d different values, and edit compares at most %,d; use methods:"
                            + " [fingerprint, ngram]",
                    column,
                    values.size(),
                    MOST_COMPARED));
        }
        List<String> centres = new ArrayList<>();
        List<String> folded = new ArrayList<>();
        for (String value : values) {
            String lower = value.strip().toLowerCase(Locale.ROOT);
            int nearest = -1;
            int least = distance + 1;
            for (int i = 0; i < centres.size() && lower.length() >= SHORTEST; i++) {
                String other = folded.get(i);
                if (other.length() < SHORTEST) {
                    continue;
                }
                int far = Similar.distance(lower, other, least - 1);
                if (far < least && Similar.digits(lower).equals(Similar.digits(other))) {
                    least = far;
                    nearest = i;
                }
            }
            if (nearest >= 0) {
                to.put(value, centres.get(nearest));
                why.put(
                        value,
                        least == 0 ? "another case" : least == 1 ? "one letter differs" : least + " letters differ");
            } else {
                centres.add(value);
                folded.add(lower);
            }
        }
    }
}
