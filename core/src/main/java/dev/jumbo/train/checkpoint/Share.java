package dev.jumbo.train.checkpoint;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which part of a model's flat values and buffers a worker has. Ranges count in the order of the whole model's {@link
 * FlatStore}, whatever part of the model the worker has built.
 *
 * @param values ranges of the values, in the order in which the worker's flat tensors hold them
 * @param buffers ranges of the buffers, likewise
 */
public record Share(Ranges values, Ranges buffers) {
    private static final String VALUES = "values";
    private static final String BUFFERS = "buffers";
    private static final String TOTAL = "_total";

    /** Some of so many values. */
    public record Ranges(List<FlatRange> ranges, long total) {
        public Ranges {
            ranges = ranges.stream().filter(r -> !r.isEmpty()).toList();
        }

        /** All of so many values. */
        public static Ranges whole(long total) {
            return new Ranges(List.of(FlatRange.whole(total)), total);
        }

        /** How many values they are. */
        public long length() {
            return ranges.stream().mapToLong(FlatRange::length).sum();
        }
    }

    /** All of a model. */
    public static Share whole(FlatStore store) {
        return new Share(
                Ranges.whole(store.whole().length()),
                Ranges.whole(store.buffers().elements()));
    }

    /** One range of the values, and all buffers. */
    public static Share of(FlatStore store, FlatRange values) {
        return new Share(
                new Ranges(List.of(values), store.whole().length()),
                Ranges.whole(store.buffers().elements()));
    }

    /** As a file of tensors records it. */
    Map<String, String> metadata() {
        Map<String, String> texts = new LinkedHashMap<>();
        put(texts, VALUES, values);
        put(texts, BUFFERS, buffers);
        return texts;
    }

    /** @throws InputException if a file does not record it */
    static Share ofMetadata(Map<String, String> texts) {
        return new Share(part(texts, VALUES), part(texts, BUFFERS));
    }

    private static void put(Map<String, String> texts, String name, Ranges part) {
        texts.put(
                name, part.ranges().stream().map(r -> r.start() + "-" + r.end()).collect(Collectors.joining(",")));
        texts.put(name + TOTAL, Long.toString(part.total()));
    }

    private static Ranges part(Map<String, String> texts, String name) {
        String ranges = texts.getOrDefault(name, "none");
        String total = texts.getOrDefault(name + TOTAL, "none");
        List<FlatRange> parsed = new ArrayList<>();
        for (String range : ranges.isEmpty() ? new String[0] : ranges.split(",", -1)) {
            // One at a time: a regular expression for all of them takes stack for each.
            if (!range.matches("\\d{1,18}-\\d{1,18}") || !total.matches("\\d{1,18}")) {
                throw new InputException(
                        "expected ranges of " + name + " such as 0-16,32-64, received " + range + " of " + total);
            }
            String[] ends = range.split("-");
            long start = Long.parseLong(ends[0]);
            long end = Long.parseLong(ends[1]);
            if (end < start || end > Long.parseLong(total)) {
                throw new InputException("expected a range of " + name + " within " + total + ", received " + range);
            }
            parsed.add(new FlatRange(start, end));
        }
        if (!total.matches("\\d{1,18}")) {
            throw new InputException("expected the number of " + name + ", received " + total);
        }
        return new Ranges(parsed, Long.parseLong(total));
    }

    /**
     * Checks that parts have every value once.
     *
     * @param parts by the names of their files
     * @param what values or buffers, for the message
     * @throws InputException naming the file that has too much, or the values that none has
     */
    static void requireCover(Map<String, Ranges> parts, String what) {
        record Piece(String file, FlatRange range) {}
        long total = parts.values().iterator().next().total();
        List<Piece> pieces = new ArrayList<>();
        parts.forEach((file, part) -> {
            if (part.total() != total) {
                throw new InputException(
                        file + ": expected a part of " + total + " " + what + ", found one of " + part.total());
            }
            part.ranges().forEach(range -> pieces.add(new Piece(file, range)));
        });
        pieces.sort(Comparator.comparingLong(p -> p.range().start()));
        long at = 0;
        for (Piece piece : pieces) {
            if (piece.range().start() < at) {
                throw new InputException(piece.file() + ": another file has its " + what + " from "
                        + piece.range().start() + " on too");
            }
            if (piece.range().start() > at) {
                break;
            }
            at = piece.range().end();
        }
        if (at != total) {
            throw new InputException(parts.keySet() + ": none has the " + what + " from " + at + " on, of " + total);
        }
    }
}
