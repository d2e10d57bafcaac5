package dev.jumbo.spark.corpus.dedup;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connected components by alternating large-star and small-star (Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii,
 * "Connected Components in MapReduce and Beyond", 2014): every operation is a shuffle by vertex, the number of edges never
 * grows, and after O(log^2 n) rounds each vertex has one edge, to the smallest of its component.
 *
 * <p>Each round is written to files, so that a lost executor costs a task and not all rounds before, and the driver sees
 * nothing of the graph but the number of its edges and a fingerprint: equal ones after a round end the search.
 */
public final class ConnectedComponents {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedComponents.class);

    /** Paths halve in about every round: no graph of 2^40 vertices needs as many. */
    private static final int MAX_ROUNDS = 200;

    private final Path work;

    private ConnectedComponents(Path work) {
        this.work = work;
    }

    /**
     * The edge of each vertex to the smallest of its component; the smallest has none.
     *
     * @param edges columns {@link Edges#FROM} and {@link Edges#TO}, the larger id first, perhaps with repeats
     * @param work directory for the rounds, which every machine can reach; the result lies in it
     */
    public static Dataset<Row> of(Dataset<Row> edges, Path work) {
        return new ConnectedComponents(work).run(edges);
    }

    /** What is compared between rounds. */
    private record Fingerprint(long edges, long hash) {}

    private Dataset<Row> run(Dataset<Row> edges) {
        Dataset<Row> current = save(edges, 0);
        Fingerprint before = fingerprint(current);
        for (int round = 1; round <= MAX_ROUNDS; round++) {
            current = save(smallStar(largeStar(current)).distinct(), round);
            delete(file(round - 1));
            Fingerprint after = fingerprint(current);
            LOG.info("connected components: round {}, {} edges", round, after.edges());
            if (after.equals(before)) {
                return current;
            }
            before = after;
        }
        throw new FailureException("connected components: not at rest after " + MAX_ROUNDS
                + " rounds; report this with the number of edges, " + before.edges());
    }

    /** Every neighbour that is larger than the vertex is joined to the smallest of the vertex and its neighbours. */
    private static Dataset<Row> largeStar(Dataset<Row> edges) {
        Dataset<Row> both = edges.flatMap(
                (FlatMapFunction<Row, Row>) edge -> List.of(edge, Edges.row(edge.getLong(1), edge.getLong(0)))
                        .iterator(),
                Edges.encoder());
        return byVertex(both).mapPartitions((MapPartitionsFunction<Row, Row>) LargeStar::new, Edges.encoder());
    }

    /** The vertex and its smaller neighbours are joined to the smallest of them. */
    private static Dataset<Row> smallStar(Dataset<Row> edges) {
        return byVertex(edges).mapPartitions((MapPartitionsFunction<Row, Row>) SmallStar::new, Edges.encoder());
    }

    private static Dataset<Row> byVertex(Dataset<Row> edges) {
        return edges.repartition(col(Edges.FROM)).sortWithinPartitions(Edges.FROM, Edges.TO);
    }

    /** Neighbours come in ascending order: the first is the smallest. */
    private abstract static class Star extends Streamed {
        private boolean any;
        private long vertex;
        private long last;
        private long smallest;

        Star(Iterator<Row> rows) {
            super(rows);
        }

        @Override
        @Nullable
        Row step(Row edge) {
            long from = edge.getLong(0);
            long to = edge.getLong(1);
            boolean first = !any || from != vertex;
            if (!first && to == last) {
                return null;
            }
            any = true;
            vertex = from;
            last = to;
            if (first) {
                smallest = Math.min(from, to);
            }
            return edge(from, to, smallest, first);
        }

        abstract @Nullable Row edge(long from, long to, long least, boolean first);
    }

    private static final class LargeStar extends Star {
        LargeStar(Iterator<Row> rows) {
            super(rows);
        }

        @Override
        @Nullable
        Row edge(long from, long to, long least, boolean first) {
            return to > from ? Edges.row(to, least) : null;
        }
    }

    private static final class SmallStar extends Star {
        SmallStar(Iterator<Row> rows) {
            super(rows);
        }

        @Override
        Row edge(long from, long to, long least, boolean first) {
            return first ? Edges.row(from, least) : Edges.row(to, least);
        }
    }

    private Dataset<Row> save(Dataset<Row> edges, int round) {
        return Edges.save(edges, file(round));
    }

    private Path file(int round) {
        return work.toAbsolutePath().resolve("edges-" + round);
    }

    private static Fingerprint fingerprint(Dataset<Row> edges) {
        Row row = edges.selectExpr(
                        "count(*)", "coalesce(bit_xor(xxhash64(`" + Edges.FROM + "`, `" + Edges.TO + "`)), 0)")
                .head();
        return new Fingerprint(row.getLong(0), row.getLong(1));
    }

    private static void delete(Path directory) {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", directory, e.getMessage());
        }
    }
}
