package dev.jumbo.spark.table;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A row of a table on its way through the steps. Without values it is a record that could not be read. */
final class CleanRow {
    private static final StructType EDIT = new StructType()
            .add("step", DataTypes.IntegerType)
            .add("what", DataTypes.IntegerType)
            .add("column", DataTypes.IntegerType)
            .add("reason", DataTypes.StringType)
            .add("before", DataTypes.StringType)
            .add("after", DataTypes.StringType)
            .add("rank", DataTypes.LongType);

    /**
     * The order of the source, the row's number in it, values now and as read, what was done, and the set of the values that
     * came as numbers.
     */
    static final StructType SCHEMA = new StructType()
            .add("position", DataTypes.LongType)
            .add("source", DataTypes.LongType)
            .add("values", DataTypes.createArrayType(DataTypes.StringType))
            .add("before", DataTypes.createArrayType(DataTypes.StringType))
            .add("dropped", DataTypes.BooleanType)
            .add("edits", DataTypes.createArrayType(EDIT))
            .add("malformed", DataTypes.StringType)
            .add("numbers", DataTypes.BinaryType);

    final long position;
    final long source;

    @Nullable
    String[] values;

    final @Nullable String[] before;
    boolean dropped;
    final List<Row> edits;
    private final @Nullable String malformed;

    /** Which values came as numbers, and not as texts of them. */
    final BitSet numbers;

    private CleanRow(
            long position,
            long source,
            @Nullable String[] values,
            @Nullable String[] before,
            boolean dropped,
            List<Row> edits,
            @Nullable String malformed,
            BitSet numbers) {
        this.position = position;
        this.source = source;
        this.values = values;
        this.before = before;
        this.dropped = dropped;
        this.edits = edits;
        this.malformed = malformed;
        this.numbers = numbers;
    }

    /** As it was read. */
    static CleanRow of(long position, long source, List<@Nullable String> values, BitSet numbers) {
        @Nullable String[] read = values.toArray(new String[0]);
        return new CleanRow(position, source, read.clone(), read, false, new ArrayList<>(), null, numbers);
    }

    /** A record that could not be read. */
    static CleanRow malformed(long line, String reason, String text) {
        @Nullable String[] none = {};
        return new CleanRow(-1, line, none, new String[] {text}, true, new ArrayList<>(), reason, new BitSet());
    }

    static CleanRow of(Row row) {
        return new CleanRow(
                row.getLong(0),
                row.getLong(1),
                row.<String>getList(2).toArray(new String[0]),
                row.<String>getList(3).toArray(new String[0]),
                row.getBoolean(4),
                new ArrayList<>(row.<Row>getList(5)),
                row.getString(6),
                BitSet.valueOf((byte[]) row.get(7)));
    }

    Row row() {
        return RowFactory.create(
                position, source, values, before, dropped, edits.toArray(new Row[0]), malformed, numbers.toByteArray());
    }

    /** @param rank samples of a report are in its order, then in that of the source */
    void edit(int step, int what, int column, String reason, @Nullable String from, @Nullable String to, long rank) {
        edits.add(RowFactory.create(step, what, column, reason, from, to, rank));
    }
}
