package dev.jumbo.spark.corpus.report;

import dev.jumbo.spark.corpus.document.Fate;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Counts the rows of a stage's output. Counts come back as results of tasks, of which Spark takes one for each part of
 * the data, and not as accumulators, which count again what is computed again.
 */
public final class Tally implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Samples of each reason. */
    private static final int SAMPLES = 5;
    /** A reducing tree of two levels keeps the driver from merging thousands of tasks alone. */
    private static final int DEPTH = 2;

    private long read;
    private long kept;
    private long bytesRead;
    private long bytesKept;
    private final TreeMap<String, Counted> reasons = new TreeMap<>();
    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** A reason and the samples with the smallest numbers. */
    private static final class Counted implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Fate fate;
        private long documents;
        private long bytes;
        private final ArrayList<DroppedDocument> samples = new ArrayList<>();

        Counted(Fate fate) {
            this.fate = fate;
        }

        void offer(DroppedDocument sample) {
            samples.add(sample);
            samples.sort(Comparator.comparingLong((DroppedDocument s) -> order(s.id()))
                    .thenComparingLong(DroppedDocument::id));
            if (samples.size() > SAMPLES) {
                samples.remove(SAMPLES);
            }
        }

        /** Whether a sample of this id would stay. */
        boolean wants(long id) {
            return samples.size() < SAMPLES
                    || order(id) <= order(samples.get(SAMPLES - 1).id());
        }
    }

    /** Mixes an id (SplitMix64): samples come from all over the corpus, and from the same places in every run. */
    private static long order(long id) {
        long z = (id ^ id >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Counts rows of {@link dev.jumbo.spark.corpus.document.Entry}; their texts are not read. */
    public static Tally of(Dataset<Row> entries) {
        Column[] slim =
                List.of("fate", "reason", "bytes_in", "bytes", "counts", "id", "source", "detail", "excerpt").stream()
                        .map(functions::col)
                        .toArray(Column[]::new);
        return entries.select(slim).javaRDD().treeAggregate(new Tally(), Tally::add, Tally::merge, DEPTH);
    }

    private static Tally add(Tally tally, Row row) {
        Fate fate = Fate.valueOf(row.getString(0));
        long in = row.getLong(2);
        tally.read++;
        tally.bytesRead += in;
        row.<String, Long>getJavaMap(4).forEach((name, count) -> tally.counts.merge(name, count, Long::sum));
        if (fate == Fate.KEPT) {
            tally.kept++;
            tally.bytesKept += row.getLong(3);
            return tally;
        }
        Counted reason = tally.reasons.computeIfAbsent(row.getString(1), name -> new Counted(fate));
        reason.documents++;
        reason.bytes += in;
        long id = row.getLong(5);
        if (reason.wants(id)) {
            reason.offer(new DroppedDocument(id, row.getString(6), row.getString(7), row.getString(8)));
        }
        return tally;
    }

    private static Tally merge(Tally a, Tally b) {
        a.read += b.read;
        a.kept += b.kept;
        a.bytesRead += b.bytesRead;
        a.bytesKept += b.bytesKept;
        b.counts.forEach((name, count) -> a.counts.merge(name, count, Long::sum));
        b.reasons.forEach((name, other) -> {
            Counted mine = a.reasons.computeIfAbsent(name, n -> new Counted(other.fate));
            mine.documents += other.documents;
            mine.bytes += other.bytes;
            other.samples.forEach(mine::offer);
        });
        return a;
    }

    /** These counts as a report. */
    public StageReport report(String name, double seconds) {
        List<Reason> all = reasons.entrySet().stream()
                .map(e -> new Reason(
                        e.getKey(),
                        e.getValue().fate,
                        e.getValue().documents,
                        e.getValue().bytes,
                        e.getValue().samples))
                .sorted(Comparator.comparingLong(Reason::documents).reversed().thenComparing(Reason::name))
                .toList();
        return new StageReport(
                name,
                read,
                kept,
                sum(all, Fate.DROPPED),
                sum(all, Fate.QUARANTINED),
                bytesRead,
                bytesKept,
                all,
                Map.copyOf(counts),
                seconds,
                false);
    }

    private static long sum(List<Reason> reasons, Fate fate) {
        return reasons.stream()
                .filter(r -> r.fate() == fate)
                .mapToLong(Reason::documents)
                .sum();
    }
}
