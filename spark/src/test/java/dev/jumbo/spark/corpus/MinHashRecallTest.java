package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.corpus.dedup.PlantedPairs;
import dev.jumbo.spark.corpus.stage.MinHashDedup;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MinHashRecallTest {
    @TempDir
    private Path dir;

    @Test
    void recall_by_similarity_follows_the_formula_and_nothing_below_three_tenths_is_merged() {
        PlantedPairs corpus = new PlantedPairs(
                List.of(0.0, 0.1, 0.2, 0.29, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95), 2000, 120, 5, 3);
        MinHashDedup dedup = new MinHashDedup(5, 14, 8, 1, 0.3);
        Dataset<Row> edges = dedup.components(corpus.documents(LocalSpark.session()), dir);

        for (PlantedPairs.Recall recall : corpus.recall(edges)) {
            double s = recall.similarity();
            if (s < 0.3) {
                assertThat(recall.found()).as("pairs of similarity %.3f", s).isZero();
            } else {
                double expected = 1 - Math.pow(1 - Math.pow(s, 8), 14);
                assertThat(recall.share()).as("recall at %.3f", s).isCloseTo(expected, within(0.03));
            }
        }
        assertThat(corpus.mistaken(edges)).isZero();
    }
}
