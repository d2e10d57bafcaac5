package dev.jumbo.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What came of all that was asked, by kind. Safe for many threads. */
final class Outcomes {
    private static final int SHOWN = 20;

    private final Map<String, Map<String, AtomicLong>> counts = new ConcurrentSkipListMap<>();
    private final AtomicLong surprises = new AtomicLong();
    private final List<String> shown = new CopyOnWriteArrayList<>();

    /** @param expected outcomes that are right for this kind */
    void add(String kind, String outcome, Set<String> expected, String detail) {
        counts.computeIfAbsent(kind, missing -> new ConcurrentSkipListMap<>())
                .computeIfAbsent(outcome, missing -> new AtomicLong())
                .incrementAndGet();
        if (!expected.contains(outcome)) {
            surprises.incrementAndGet();
            if (shown.size() < SHOWN) {
                shown.add(kind + ": expected one of " + expected + ", received " + outcome + " " + detail);
            }
        }
    }

    /** Outcomes that were not right. */
    long surprises() {
        return surprises.get();
    }

    /** The first of them. */
    List<String> shown() {
        return List.copyOf(shown);
    }

    long all() {
        return counts.values().stream()
                .flatMap(kind -> kind.values().stream())
                .mapToLong(AtomicLong::get)
                .sum();
    }

    /** A line for each kind. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach((kind, outcomes) -> lines.add(String.format("%-28s %s", kind, outcomes)));
        return lines;
    }
}
