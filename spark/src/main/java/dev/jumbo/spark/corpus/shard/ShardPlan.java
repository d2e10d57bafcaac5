package dev.jumbo.spark.corpus.shard;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.error.InputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Where each shard begins in the shuffled order. A document belongs to the shard in which its first token lies when all
 * tokens are cut every {@code capacity}; the capacity leaves room for the longest document, so no shard is over its limit.
 *
 * <p>The first token's place is a sum over all documents before. It is made of sums over 2^16 ranges of the order, which
 * the driver adds up, and of the documents before in the range, which lie together in one task: exact, and independent of
 * how the documents are divided.
 *
 * @param places of the first document of each shard, ascending
 * @param ids of these documents
 */
public record ShardPlan(long[] places, long[] ids) implements Serializable {
    private static final int RANGE_BITS = 16;
    private static final int RANGES = 1 << RANGE_BITS;

    /** The first document of a shard that a range knows of. */
    private record Cut(long shard, long place, long id) {}

    /**
     * Divides what is to be in shards.
     *
     * @param rows with {@code place}, {@code id} and {@code size}, all long
     * @param limit of the sum of sizes in a shard
     * @throws InputException if there is no room for the largest
     */
    public static ShardPlan of(Dataset<Row> rows, long limit) {
        Dataset<Row> slim = rows.select("place", "id", "size");
        Row longest = slim.agg(functions.max("size")).head();
        if (longest.isNullAt(0)) {
            return new ShardPlan(new long[] {Long.MIN_VALUE}, new long[] {Long.MIN_VALUE});
        }
        long capacity = limit - longest.getLong(0) + 1;
        if (capacity < 1) {
            throw new InputException("shard_mb: expected room for the longest example, of " + longest.getLong(0)
                    + "; received room for " + limit + "; use larger shards");
        }
        return cuts(slim, bases(slim), capacity);
    }

    /** Tokens before each range. */
    private static long[] bases(Dataset<Row> slim) {
        long[] bases = new long[RANGES + 1];
        for (Row row : slim.groupBy(range()).agg(functions.sum("size")).collectAsList()) {
            bases[row.getInt(0) + 1] = row.getLong(1);
        }
        for (int i = 0; i < RANGES; i++) {
            bases[i + 1] += bases[i];
        }
        return bases;
    }

    private static Column range() {
        return functions
                .shiftright(col("place"), Long.SIZE - RANGE_BITS)
                .plus(RANGES / 2)
                .cast("int")
                .as("range");
    }

    private static ShardPlan cuts(Dataset<Row> slim, long[] bases, long capacity) {
        StructType schema = new StructType()
                .add("shard", DataTypes.LongType, false)
                .add("place", DataTypes.LongType, false)
                .add("id", DataTypes.LongType, false);
        List<Row> rows = slim.withColumn("range", range())
                .repartition(col("range"))
                .sortWithinPartitions("place", "id")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) sorted -> new Cuts(sorted, bases, capacity),
                        Encoders.row(schema))
                .collectAsList();
        Map<Long, Cut> first = new TreeMap<>();
        Comparator<Cut> order = Comparator.comparingLong(Cut::place).thenComparingLong(Cut::id);
        for (Row row : rows) {
            Cut cut = new Cut(row.getLong(0), row.getLong(1), row.getLong(2));
            first.merge(cut.shard(), cut, (a, b) -> order.compare(a, b) <= 0 ? a : b);
        }
        List<Cut> cuts = new ArrayList<>(first.values());
        return new ShardPlan(
                cuts.stream().mapToLong(Cut::place).toArray(),
                cuts.stream().mapToLong(Cut::id).toArray());
    }

    /** Of documents in order, those whose shard is not that of the document before in the range. */
    private static final class Cuts implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final long[] bases;
        private final long capacity;
        private int range = -1;
        private long before;
        private long shard;
        private @Nullable Row next;

        Cuts(Iterator<Row> rows, long[] bases, long capacity) {
            this.rows = rows;
            this.bases = bases;
            this.capacity = capacity;
        }

        @Override
        public boolean hasNext() {
            while (next == null && rows.hasNext()) {
                Row row = rows.next();
                boolean first = row.getInt(3) != range;
                if (first) {
                    range = row.getInt(3);
                    before = bases[range];
                }
                long mine = before / capacity;
                if (first || mine != shard) {
                    next = RowFactory.create(mine, row.getLong(0), row.getLong(1));
                }
                shard = mine;
                before += row.getLong(2);
            }
            return next != null;
        }

        @Override
        public Row next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            Row result = next;
            next = null;
            return result;
        }
    }

    /** A pseudo-random number of an id and the seed (SplitMix64): sorting by it is a shuffle that needs no sequence. */
    public static long place(long id, long seed) {
        return mix(mix(seed) ^ id);
    }

    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Number of shards. */
    int size() {
        return places.length;
    }

    /** The shard of a document. */
    public int shard(long place, long id) {
        int low = 0;
        int high = places.length - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            boolean begun = places[middle] < place || places[middle] == place && ids[middle] <= id;
            low = begun ? middle : low;
            high = begun ? high : middle - 1;
        }
        return low;
    }
}
