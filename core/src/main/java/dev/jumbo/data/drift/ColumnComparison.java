package dev.jumbo.data.drift;

import dev.jumbo.data.profile.RowKeys;
import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.TableColumn;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Compares one column of two tables. @param isKey whether its numbers are those of the rows of the first table */
record ColumnComparison(String name, TableColumn before, TableColumn now, DriftLimits limits, boolean isKey) {
    private static final int BINS = 10;
    private static final int SHOWN = 5;

    /** Of texts of which more than this share is different in both tables the distribution says nothing. */
    private static final double KEY = 0.9;

    private static final int LEAST_KEYS = 20;

    ColumnDrift drift() {
        double missingBefore = missing(before);
        double missingNow = missing(now);
        List<String> reasons = new ArrayList<>();
        if (Math.abs(missingNow - missingBefore) >= limits.missing()) {
            reasons.add(String.format(
                    Locale.ROOT, "missing %.1f %%, before %.1f %%", 100 * missingNow, 100 * missingBefore));
        }
        if (missingBefore == 1 || missingNow == 1) {
            return new ColumnDrift(
                    name, "empty", missingBefore, missingNow, null, null, null, null, 0, Map.of(), reasons);
        }
        if (isNumeric(before) && isNumeric(now)) {
            if (isKey && RowKeys.isUnique(now)) {
                return new ColumnDrift(
                        name,
                        "key",
                        missingBefore,
                        missingNow,
                        null,
                        null,
                        null,
                        null,
                        0,
                        Map.of(),
                        List.copyOf(reasons));
            }
            return numbers("number", sorted(before), sorted(now), missingBefore, missingNow, reasons);
        }
        double[] daysBefore = days(before);
        double[] daysNow = days(now);
        return daysBefore.length > 0 && daysNow.length > 0
                ? numbers("date", daysBefore, daysNow, missingBefore, missingNow, reasons)
                : categories(missingBefore, missingNow, reasons);
    }

    /** The dates of a column as seconds in ascending order; none if a value is no date. */
    private static double[] days(TableColumn column) {
        List<Moment> moments = new ArrayList<>();
        for (int row = 0; row < column.size(); row++) {
            String text = column.text(row);
            Moment moment = text == null ? null : Moment.iso(text);
            if (moment != null) {
                moments.add(moment);
            } else if (text != null) {
                return new double[0];
            }
        }
        return moments.stream()
                .mapToDouble(moment -> moment.universal().toEpochSecond(ZoneOffset.UTC))
                .sorted()
                .toArray();
    }

    private ColumnDrift numbers(
            String kind, double[] a, double[] b, double missingBefore, double missingNow, List<String> reasons) {
        double[] edges = edges(a);
        double[] countsA = counts(a, edges);
        double[] countsB = counts(b, edges);
        double psi = Distances.psi(countsA, countsB);
        double ks = Distances.ks(a, b);
        double p = Distances.ksPValue(ks, a.length, b.length);
        if (p < limits.pValue() && psi >= limits.psi()) {
            reasons.add(String.format(Locale.ROOT, "PSI %.3f", psi));
        }
        if (p < limits.pValue() && ks >= limits.ks()) {
            reasons.add(String.format(Locale.ROOT, "KS %.3f", ks));
        }
        return new ColumnDrift(
                name,
                kind,
                missingBefore,
                missingNow,
                psi,
                Distances.jensenShannon(countsA, countsB),
                ks,
                p,
                0,
                Map.of(),
                List.copyOf(reasons));
    }

    private ColumnDrift categories(double missingBefore, double missingNow, List<String> reasons) {
        Map<String, Long> a = texts(before);
        Map<String, Long> b = texts(now);
        long rowsA = total(a);
        long rowsB = total(b);
        if (isKey(a, rowsA) && isKey(b, rowsB)) {
            return new ColumnDrift(
                    name, "key", missingBefore, missingNow, null, null, null, null, 0, Map.of(), List.copyOf(reasons));
        }
        List<String> all = Stream.concat(a.keySet().stream(), b.keySet().stream())
                .distinct()
                .sorted()
                .toList();
        double[] countsA = all.stream().mapToDouble(c -> a.getOrDefault(c, 0L)).toArray();
        double[] countsB = all.stream().mapToDouble(c -> b.getOrDefault(c, 0L)).toArray();
        double psi = Distances.psi(countsA, countsB);
        double chi = Distances.chiSquared(countsA, countsB);
        double p = Distances.chiSquaredPValue(chi, all.size() - 1);
        if (p < limits.pValue() && psi >= limits.psi()) {
            reasons.add(String.format(Locale.ROOT, "PSI %.3f", psi));
        }
        Map<String, Long> fresh = new LinkedHashMap<>();
        b.entrySet().stream()
                .filter(e -> !a.containsKey(e.getKey()))
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(e -> fresh.put(e.getKey(), e.getValue()));
        double newShare = (double) total(fresh) / rowsB;
        Map<String, Long> shown = new LinkedHashMap<>();
        fresh.entrySet().stream().limit(SHOWN).forEach(e -> shown.put(e.getKey(), e.getValue()));
        if (newShare >= limits.newShare()) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "%.1f %% of rows have one of %,d new categories: %s",
                    100 * newShare,
                    fresh.size(),
                    String.join(", ", shown.keySet())));
        }
        return new ColumnDrift(
                name,
                "category",
                missingBefore,
                missingNow,
                psi,
                Distances.jensenShannon(countsA, countsB),
                chi,
                p,
                newShare,
                shown,
                List.copyOf(reasons));
    }

    private static boolean isKey(Map<String, Long> counts, long rows) {
        return counts.size() > KEY * rows && rows >= LEAST_KEYS;
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The inner edges of tenths, by linear interpolation as NumPy; each once. */
    private static double[] edges(double[] sorted) {
        return IntStream.range(1, BINS)
                .mapToDouble(i -> {
                    double at = (double) i / BINS * (sorted.length - 1);
                    int below = (int) Math.floor(at);
                    double low = sorted[below];
                    return low + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - low);
                })
                .distinct()
                .toArray();
    }

    /** A value on an edge belongs below it. */
    private static double[] counts(double[] sorted, double[] edges) {
        double[] counts = new double[edges.length + 1];
        for (double value : sorted) {
            int at = Arrays.binarySearch(edges, value);
            counts[at >= 0 ? at : -at - 1]++;
        }
        return counts;
    }

    private static double missing(TableColumn column) {
        return (double) IntStream.range(0, column.size())
                        .filter(column::isMissing)
                        .count()
                / column.size();
    }

    private static boolean isNumeric(TableColumn column) {
        return IntStream.range(0, column.size())
                .allMatch(row -> column.isMissing(row) || !Double.isNaN(column.number(row)));
    }

    private static double[] sorted(TableColumn column) {
        return IntStream.range(0, column.size())
                .filter(row -> !column.isMissing(row))
                .mapToDouble(column::number)
                .sorted()
                .toArray();
    }

    private static Map<String, Long> texts(TableColumn column) {
        Map<String, Long> counts = new TreeMap<>();
        for (int row = 0; row < column.size(); row++) {
            String text = column.text(row);
            if (text != null) {
                counts.merge(text, 1L, Long::sum);
            }
        }
        return counts;
    }
}
