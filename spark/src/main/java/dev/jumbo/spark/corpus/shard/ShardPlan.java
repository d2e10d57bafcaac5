package dev.jumbo.spark.corpus.shard;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.LongFunction;
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
 * tokens are cut as {@link ShardStarts} says.
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

    /** The first document of a shard that a task knows of. */
    private record Cut(long shard, long place, long id) {}

    /**
     * Divides what is to be in shards.
     *
     * @param rows with {@code place}, {@code id} and {@code size}, all long
     * @param limit of the sum of sizes in a shard
     * @param name of the one with an id, for people
     * @throws InputException if there is no room for the largest
     */
    public static ShardPlan of(Dataset<Row> rows, long limit, LongFunction<String> name) {
        Dataset<Row> slim = rows.select("place", "id", "size");
        long common = ShardStarts.common(limit);
        Column size = col("size");
        Row longest = slim.agg(functions.max(size), functions.max(functions.when(size.leq(common), size)))
                .head();
        if (longest.isNullAt(0)) {
            return new ShardPlan(new long[] {Long.MIN_VALUE}, new long[] {Long.MIN_VALUE});
        }
        long most = longest.getLong(0);
        if (most > limit) {
            Row row = slim.filter(size.equalTo(most)).orderBy("id").head();
            throw new InputException(String.format(
                    Locale.ROOT,
                    "shard_mb: expected room in a shard for each example, received room for %,d and %s of %,d; set"
                            + " shard_mb to %.2f times as much or more, or read no such example",
                    limit,
                    name.apply(row.getLong(1)),
                    most,
                    Math.ceil(100.0 * most / limit) / 100));
        }
        long[] bases = bases(slim);
        List<ShardStarts.LongDocument> others = most > common ? others(slim, bases, common) : List.of();
        long mostCommon = longest.isNullAt(1) ? 0 : longest.getLong(1);
        return cuts(slim, bases, ShardStarts.of(bases[RANGES], mostCommon, others, limit));
    }

    /** What is too long for a grid of shards, in its order. */
    private static List<ShardStarts.LongDocument> others(Dataset<Row> slim, long[] bases, long common) {
        StructType schema =
                new StructType().add("before", DataTypes.LongType, false).add("size", DataTypes.LongType, false);
        return sorted(slim)
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> new Others(new Sums(rows, bases), common),
                        Encoders.row(schema))
                .orderBy("before")
                .collectAsList()
                .stream()
                .map(row -> new ShardStarts.LongDocument(row.getLong(0), row.getLong(1)))
                .toList();
    }

    private static Dataset<Row> sorted(Dataset<Row> slim) {
        return slim.withColumn("range", range()).repartition(col("range")).sortWithinPartitions("place", "id");
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

    private static ShardPlan cuts(Dataset<Row> slim, long[] bases, ShardStarts starts) {
        StructType schema = new StructType()
                .add("shard", DataTypes.LongType, false)
                .add("place", DataTypes.LongType, false)
                .add("id", DataTypes.LongType, false);
        List<Row> rows = sorted(slim)
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) part -> new Cuts(new Sums(part, bases), starts),
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

    /** The documents of ranges in their order, with the tokens before each. */
    private static final class Sums {
        private final Iterator<Row> rows;
        private final long[] bases;
        private int range = -1;
        private long end;
        private long before;

        Sums(Iterator<Row> rows, long[] bases) {
            this.rows = rows;
            this.bases = bases;
        }

        /** The next document, or null at the end. */
        @Nullable
        Row next() {
            if (!rows.hasNext()) {
                return null;
            }
            Row row = rows.next();
            if (row.getInt(3) != range) {
                range = row.getInt(3);
                end = bases[range];
            }
            before = end;
            end += row.getLong(2);
            return row;
        }

        /** Tokens before the document that came last. */
        long before() {
            return before;
        }
    }

    /** Rows that are looked for among documents. */
    private abstract static class Search implements Iterator<Row> {
        private @Nullable Row next;

        abstract @Nullable Row find();

        @Override
        public boolean hasNext() {
            if (next == null) {
                next = find();
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

    /** Documents that are not common. */
    private static final class Others extends Search {
        private final Sums sums;
        private final long common;

        Others(Sums sums, long common) {
            this.sums = sums;
            this.common = common;
        }

        @Override
        @Nullable
        Row find() {
            Row row = sums.next();
            while (row != null && row.getLong(2) <= common) {
                row = sums.next();
            }
            return row == null ? null : RowFactory.create(sums.before(), row.getLong(2));
        }
    }

    /** Documents whose shard is not that of the document before in the part. */
    private static final class Cuts extends Search {
        private final Sums sums;
        private final ShardStarts starts;
        private long shard = -1;

        Cuts(Sums sums, ShardStarts starts) {
            this.sums = sums;
            this.starts = starts;
        }

        @Override
        @Nullable
        Row find() {
            for (Row row = sums.next(); row != null; row = sums.next()) {
                int mine = starts.shard(sums.before());
                if (mine != shard) {
                    shard = mine;
                    return RowFactory.create(shard, row.getLong(0), row.getLong(1));
                }
            }
            return null;
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

    @Override
    public String toString() {
        return "ShardPlan[places=" + Shown.of(places) + ", ids=" + Shown.of(ids) + "]";
    }
}
