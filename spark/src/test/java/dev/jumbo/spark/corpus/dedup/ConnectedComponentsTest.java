package dev.jumbo.spark.corpus.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectedComponentsTest {
    @TempDir
    private Path dir;

    private static Dataset<Row> rows(List<long[]> values, String... columns) {
        StructType schema = new StructType();
        for (String column : columns) {
            schema = schema.add(column, DataTypes.LongType, false);
        }
        List<Row> rows = values.stream().map(v -> RowFactory.create(v[0], v[1])).toList();
        return LocalSpark.session().createDataset(rows, org.apache.spark.sql.Encoders.row(schema));
    }

    private static Map<Long, Long> roots(Dataset<Row> edges) {
        Map<Long, Long> roots = new TreeMap<>();
        edges.collectAsList()
                .forEach(r -> assertThat(roots.put(r.getLong(0), r.getLong(1))).isNull());
        return roots;
    }

    /** The oracle: one machine, paths followed to their ends. */
    private static Map<Long, Long> unionFind(List<long[]> edges) {
        Map<Long, Long> parent = new HashMap<>();
        for (long[] edge : edges) {
            long a = root(parent, edge[0]);
            long b = root(parent, edge[1]);
            if (a != b) {
                parent.put(Math.max(a, b), Math.min(a, b));
            }
        }
        Map<Long, Long> roots = new TreeMap<>();
        for (long[] edge : edges) {
            for (long vertex : edge) {
                if (root(parent, vertex) != vertex) {
                    roots.put(vertex, root(parent, vertex));
                }
            }
        }
        return roots;
    }

    private static long root(Map<Long, Long> parent, long vertex) {
        long at = vertex;
        while (parent.containsKey(at)) {
            at = parent.get(at);
        }
        return at;
    }

    @Test
    void components_of_paths_cycles_stars_and_chance_are_those_of_union_find() {
        List<long[]> edges = new ArrayList<>();
        Random random = new Random(4);
        for (int i = 0; i < 60; i++) {
            edges.add(new long[] {1001 + i, 1000 + i}); // A long path,
            edges.add(new long[] {3000 - i, 2999 - i}); // another that falls,
            edges.add(new long[] {5000 + i, 4000}); // and a star.
        }
        edges.add(new long[] {1060, 1000});
        for (int i = 0; i < 400; i++) {
            long a = random.nextInt(500);
            long b = random.nextInt(500);
            if (a != b) {
                edges.add(new long[] {Math.max(a, b), Math.min(a, b)});
            }
        }
        Collections.shuffle(edges, random);
        Dataset<Row> found = ConnectedComponents.of(rows(edges, Edges.FROM, Edges.TO), dir);
        assertThat(roots(found)).isEqualTo(unionFind(edges));
    }

    @Test
    void a_key_of_a_hundred_thousand_documents_costs_as_many_edges_and_one_round() {
        SparkSession spark = LocalSpark.session();
        Dataset<Row> keyed = spark.range(100_000).selectExpr("cast(7 as bigint) as key", "id");
        Dataset<Row> edges = KeyGroups.edges(keyed);
        assertThat(edges.count()).isEqualTo(99_999);
        Dataset<Row> found = ConnectedComponents.of(edges, dir);
        assertThat(found.count()).isEqualTo(99_999);
        assertThat(found.filter("to != 0").count()).isZero();
        assertThat(Path.of(dir.toString(), "edges-1")).exists();
    }

    @Test
    void documents_that_share_no_key_have_no_edges() {
        List<long[]> keyed = List.of(new long[] {1, 10}, new long[] {2, 11}, new long[] {2, 12}, new long[] {3, 12});
        assertThat(roots(KeyGroups.edges(rows(keyed, "key", "id")))).isEqualTo(Map.of(12L, 11L));
    }
}
