package dev.jumbo.spark.table;

import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.TextColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Runs repairs on the rows of a partition, some thousand at a time. Rows come as {@link CleanRow#SCHEMA}, behind which may
 * be the columns of {@link Repair.Facts}.
 *
 * @param shapes the columns that each repair works on
 * @param first the place of the first repair among all steps
 */
record Parts(List<Shape> shapes, int first, List<Repair> repairs) implements MapPartitionsFunction<Row, Row> {
    private static final int ROWS = 4096;

    /**
     * The columns of a table.
     *
     * @param names of the columns
     * @param numbers which columns hold numbers alone
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Shape(List<String> names, boolean[] numbers) implements Serializable {
        static Shape of(Table header) {
            boolean[] numbers = new boolean[header.columns().size()];
            for (int c = 0; c < numbers.length; c++) {
                numbers[c] = header.columns().get(c) instanceof NumberColumn;
            }
            return new Shape(header.names(), numbers);
        }
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                while (!ready.hasNext() && rows.hasNext()) {
                    ready = part(rows);
                }
                return ready.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the part has no more rows");
                }
                return ready.next();
            }
        };
    }

    private Iterator<Row> part(Iterator<Row> rows) {
        List<CleanRow> all = new ArrayList<>();
        List<CleanRow> live = new ArrayList<>();
        List<Repair.Facts> facts = new ArrayList<>();
        while (rows.hasNext() && all.size() < ROWS) {
            Row row = rows.next();
            CleanRow clean = CleanRow.of(row);
            all.add(clean);
            if (!clean.dropped) {
                live.add(clean);
                facts.add(facts(row));
            }
        }
        for (int i = 0; i < repairs.size(); i++) {
            repair(repairs.get(i), first + i, live, facts, i == 0);
        }
        return all.stream().map(CleanRow::row).iterator();
    }

    private static Repair.Facts facts(Row row) {
        int at = CleanRow.SCHEMA.size();
        if (row.size() == at) {
            return Repair.Facts.NONE;
        }
        String[] votes =
                row.isNullAt(at) ? new String[0] : row.<String>getList(at).toArray(new String[0]);
        return new Repair.Facts(
                votes, row.isNullAt(at + 1) ? 0 : row.getLong(at + 1), !row.isNullAt(at + 2) && row.getBoolean(at + 2));
    }

    /** @param ranked whether facts are about this step, and not about one before it */
    private void repair(Repair repair, int step, List<CleanRow> live, List<Repair.Facts> facts, boolean ranked) {
        Shape shape = shapes.get(step - first);
        // A step may add columns.
        live.forEach(row -> row.values = Arrays.copyOf(row.values, shape.names().size()));
        Table table = table(shape, live);
        Edits edits = Edits.telling(table, edit -> {
            CleanRow row = live.get(edit.row());
            long rank = ranked ? facts.get(edit.row()).rank() : 0;
            row.edit(step, edit.what().ordinal(), edit.column(), edit.reason(), edit.before(), edit.after(), rank);
        });
        repair.apply(table, facts, edits);
        BitSet dropped = edits.dropped();
        for (int row = live.size() - 1; row >= 0; row--) {
            for (int c = 0; c < shape.names().size(); c++) {
                live.get(row).values[c] = table.text(row, c);
                live.get(row).numbers.set(c, table.columns().get(c).isNumber(row));
            }
            live.get(row).dropped = dropped.get(row);
        }
        if (!dropped.isEmpty()) {
            List<CleanRow> kept = new ArrayList<>();
            List<Repair.Facts> keptFacts = new ArrayList<>();
            IntStream.range(0, live.size()).filter(row -> !dropped.get(row)).forEach(row -> {
                kept.add(live.get(row));
                keptFacts.add(facts.get(row));
            });
            live.clear();
            live.addAll(kept);
            facts.clear();
            facts.addAll(keptFacts);
        }
    }

    private static Table table(Shape shape, List<CleanRow> rows) {
        List<TableColumn> columns = new ArrayList<>();
        for (int c = 0; c < shape.names().size(); c++) {
            int column = c;
            if (shape.numbers()[c]) {
                columns.add(NumberColumn.of(rows.stream()
                        .mapToDouble(row -> number(row.values[column]))
                        .toArray()));
            } else {
                TextColumn texts = TextColumn.empty();
                rows.forEach(row -> texts.add(row.values[column], row.numbers.get(column)));
                columns.add(texts);
            }
        }
        return Table.of(
                shape.names(),
                columns,
                rows.stream().mapToLong(row -> row.source).toArray());
    }

    private static double number(@Nullable String text) {
        return text == null ? Double.NaN : Numbers.parse(text);
    }
}
