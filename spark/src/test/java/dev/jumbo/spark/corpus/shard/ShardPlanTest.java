package dev.jumbo.spark.corpus.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.spark.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
    private static final StructType SCHEMA = new StructType()
            .add("place", DataTypes.LongType, false)
            .add("id", DataTypes.LongType, false)
            .add("size", DataTypes.LongType, false);

    private static Dataset<Row> rows(SparkSession spark, List<Row> rows) {
        return spark.createDataFrame(rows, SCHEMA);
    }

    @Test
    void common_and_long_documents_fill_shards_to_the_limit_however_the_work_is_divided() {
        SplittableRandom random = new SplittableRandom(8);
        List<Row> documents = new ArrayList<>();
        long total = 0;
        for (long id = 0; id < 2000; id++) {
            long size = random.nextInt(50) == 0 ? 300 + random.nextInt(701) : 1 + random.nextInt(40);
            documents.add(RowFactory.create(ShardPlan.place(id, 3), id, size));
            total += size;
        }
        ShardPlan plan = ShardPlan.of(rows(LocalSpark.session(), documents), 1000, Long::toString);
        SparkSession seven = LocalSpark.session().newSession();
        seven.conf().set("spark.sql.shuffle.partitions", "7");
        seven.conf().set("spark.sql.adaptive.enabled", "false");
        ShardPlan again = ShardPlan.of(rows(seven, documents), 1000, Long::toString);
        assertThat(again.places()).isEqualTo(plan.places());
        assertThat(again.ids()).isEqualTo(plan.ids());

        Map<Integer, Long> sums = new TreeMap<>();
        documents.forEach(row -> sums.merge(plan.shard(row.getLong(0), row.getLong(1)), row.getLong(2), Long::sum));
        assertThat(sums).hasSize(plan.size());
        assertThat(sums.values()).allMatch(sum -> sum <= 1000);
        assertThat((double) total / (1000 * plan.size())).isGreaterThan(0.6);
    }

    @Test
    void a_document_without_room_is_told_by_its_name_and_what_it_needs() {
        List<Row> documents = List.of(RowFactory.create(1L, 4L, 10L), RowFactory.create(2L, 5L, 25L));
        assertThatThrownBy(() -> ShardPlan.of(rows(LocalSpark.session(), documents), 10, id -> "book.txt#" + id))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("book.txt#5 of 25")
                .hasMessageContaining("2.50 times");
    }
}
