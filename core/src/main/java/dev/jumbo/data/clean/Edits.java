package dev.jumbo.data.clean;

import dev.jumbo.data.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The changes one step makes to a table: done and counted in one place, so that counts are what was done. */
public final class Edits {
    private final Table table;
    private final int samples;
    private final BitSet dropped = new BitSet();
    private final Map<Cause, Tally> tallies = new LinkedHashMap<>();

    private final Consumer<Edit> listener;
    private final Map<Integer, String> quarantined = new TreeMap<>();
    private final List<Proposal> proposals = new ArrayList<>();
    private final List<CleaningReport.Verdict> verdicts = new ArrayList<>();

    /**
     * One change of one value, or what led to the end of its row.
     *
     * @param row of the table
     * @param column of the table
     * @param before null: missing
     * @param after null: missing, or the row was dropped
     */
    public record Edit(
            What what,
            int row,
            int column,
            String reason,
            @Nullable String before,
            @Nullable String after) {}

    /** What an edit did. */
    public enum What {
        CHANGED,
        DROPPED,
        FLAGGED
    }

    private record Cause(String reason, String column) {}

    private static final class Tally {
        private long changed;
        private long dropped;
        private long flagged;
        private final List<CleaningReport.Sample> samples = new ArrayList<>();
    }

    Edits(Table table, int samples) {
        this(table, samples, edit -> {});
    }

    private Edits(Table table, int samples, Consumer<Edit> listener) {
        this.table = table;
        this.samples = samples;
        this.listener = listener;
    }

    /** Changes of a part of a table, each told to a listener, which counts them. */
    public static Edits telling(Table part, Consumer<Edit> listener) {
        return new Edits(part, 0, listener);
    }

    /** Changes a value; null makes it missing. Nothing happens, and nothing is counted, if it is that already. */
    public void set(int row, int column, @Nullable String after, String reason) {
        String before = table.text(row, column);
        if (!Objects.equals(before, after)) {
            table.columns().get(column).set(row, after);
            Tally tally = tally(reason, column);
            tally.changed++;
            sample(tally, row, column, before, table.text(row, column));
            listener.accept(new Edit(What.CHANGED, row, column, reason, before, table.text(row, column)));
        }
    }

    /** Drops a row because of a value. A row is dropped, and counted, once. */
    public void drop(int row, int column, String reason) {
        if (!dropped.get(row)) {
            dropped.set(row);
            Tally tally = tally(reason, column);
            tally.dropped++;
            sample(tally, row, column, table.text(row, column), null);
            listener.accept(new Edit(What.DROPPED, row, column, reason, table.text(row, column), null));
        }
    }

    /** Reports a value and leaves it as it is. */
    public void flag(int row, int column, String reason) {
        Tally tally = tally(reason, column);
        tally.flagged++;
        sample(tally, row, column, table.text(row, column), table.text(row, column));
        listener.accept(new Edit(What.FLAGGED, row, column, reason, table.text(row, column), table.text(row, column)));
    }

    /** Drops a row because of a value, and keeps it aside for somebody to look at. */
    public void quarantine(int row, int column, String reason) {
        if (!dropped.get(row)) {
            drop(row, column, reason);
            quarantined.put(row, reason);
        }
    }

    /** Adds a merge for somebody to accept. */
    public void propose(Proposal proposal) {
        proposals.add(proposal);
    }

    List<Proposal> proposals() {
        return List.copyOf(proposals);
    }

    /** Adds what was found about an expectation. */
    public void verdict(CleaningReport.Verdict verdict) {
        verdicts.add(verdict);
    }

    List<CleaningReport.Verdict> verdicts() {
        return List.copyOf(verdicts);
    }

    /** Why rows were put aside, by row. */
    Map<Integer, String> quarantined() {
        return quarantined;
    }

    /** Rows dropped so far. */
    public BitSet dropped() {
        return (BitSet) dropped.clone();
    }

    List<CleaningReport.Reason> reasons() {
        return tallies.entrySet().stream()
                .map(e -> new CleaningReport.Reason(
                        e.getKey().reason(),
                        e.getKey().column(),
                        e.getValue().changed,
                        e.getValue().dropped,
                        e.getValue().flagged,
                        List.copyOf(e.getValue().samples)))
                .sorted(Comparator.comparing(CleaningReport.Reason::column)
                        .thenComparing(CleaningReport.Reason::reason))
                .toList();
    }

    private Tally tally(String reason, int column) {
        return tallies.computeIfAbsent(new Cause(reason, table.names().get(column)), cause -> new Tally());
    }

    private void sample(Tally tally, int row, int column, @Nullable String before, @Nullable String after) {
        if (tally.samples.size() < samples) {
            tally.samples.add(new CleaningReport.Sample(
                    table.sourceRow(row), table.names().get(column), before, after));
        }
    }
}
