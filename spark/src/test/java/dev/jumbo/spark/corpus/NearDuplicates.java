package dev.jumbo.spark.corpus;

import dev.jumbo.spark.Directories;
import dev.jumbo.spark.SparkMaster;
import dev.jumbo.spark.corpus.dedup.PlantedPairs;
import dev.jumbo.spark.corpus.stage.MinHashDedup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code minhash_dedup} finds of planted pairs, by their similarity, beside the formula. Started by {@code
 * benchmarks/corpus near-duplicates}.
 */
final class NearDuplicates {
    private static final List<Double> SIMILARITIES =
            List.of(0.05, 0.1, 0.2, 0.25, 0.29, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95);
    private static final int WORDS = 200;

    private NearDuplicates() {}

    /** @param args number of pairs of each similarity, master */
    public static void main(String[] args) throws Exception {
        int pairs = Integer.parseInt(args[0]);
        MinHashDedup dedup = new MinHashDedup(5, 14, 8, 1, 0.3);
        PlantedPairs corpus = new PlantedPairs(SIMILARITIES, pairs, WORDS, dedup.ngram(), 17);
        Path work = Files.createTempDirectory("jumbo-near-duplicates");
        try (SparkSession spark = new SparkMaster(args[1], Map.of()).open("near-duplicates")) {
            long start = System.nanoTime();
            Dataset<Row> edges = dedup.components(corpus.documents(spark), work);
            List<PlantedPairs.Recall> found = corpus.recall(edges);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.println("similarity    pairs    found   recall  1-(1-s^8)^14   points");
            for (PlantedPairs.Recall recall : found) {
                double formula = 1 - Math.pow(1 - Math.pow(recall.similarity(), dedup.rows()), dedup.bands());
                System.out.println(String.format(
                        Locale.ROOT,
                        "%10.4f %8d %8d %8.4f %13.4f %8.2f",
                        recall.similarity(),
                        recall.pairs(),
                        recall.found(),
                        recall.share(),
                        formula,
                        100 * (recall.share() - formula)));
            }
            System.out.println(String.format(
                    Locale.ROOT,
                    "%,d documents of %d words in %.1f s on %s; %d edges between different pairs",
                    2L * pairs * SIMILARITIES.size(),
                    WORDS,
                    seconds,
                    args[1],
                    corpus.mistaken(edges)));
        } finally {
            Directories.delete(work);
        }
    }
}
