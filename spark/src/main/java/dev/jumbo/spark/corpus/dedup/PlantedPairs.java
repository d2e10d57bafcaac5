package dev.jumbo.spark.corpus.dedup;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.jumbo.error.InputException;
import java.io.Serializable;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A corpus of pairs of documents whose similarity is known, to measure what a search for near-duplicates finds.
 *
 * <p>Two documents of a pair begin with the same words and go on with words of their own, all of them random, so that no
 * shingle occurs twice: of N shingles each, with x in common, the Jaccard similarity is {@code x / (2 N - x)}.
 *
 * @param similarities wanted; pairs of all of them are in one corpus
 * @param pairs of each similarity
 * @param words of a document
 * @param ngram words of a shingle
 */
public record PlantedPairs(List<Double> similarities, int pairs, int words, int ngram, long seed)
        implements Serializable {
    /** Different words there are, so that two shingles are equal by chance once in 2^200. */
    private static final int WORD_BITS = 40;

    public PlantedPairs {
        similarities = List.copyOf(similarities);
        if (pairs < 1 || words < ngram || ngram < 1 || similarities.stream().anyMatch(s -> !(s >= 0 && s < 1))) {
            throw new InputException(
                    "expected one pair or more, at least as many words as in a shingle, and similarities"
                            + " from 0 to below 1; received " + pairs + ", " + words + ", " + ngram + " and "
                            + similarities);
        }
    }

    /**
     * What was found of a similarity.
     *
     * @param similarity exact
     * @param found pairs of which one document is left
     */
    public record Recall(double similarity, int pairs, long found) {
        public double share() {
            return (double) found / pairs;
        }
    }

    /** Columns {@code id} and {@code text}. The documents of pair p are 2 p and 2 p + 1. */
    public Dataset<Row> documents(SparkSession spark) {
        StructType schema =
                new StructType().add("id", DataTypes.LongType, false).add("text", DataTypes.StringType, false);
        return spark.range(2L * pairs * similarities.size())
                .map((MapFunction<Long, Row>) id -> RowFactory.create(id, text(id)), Encoders.row(schema));
    }

    private String text(long id) {
        long pair = id / 2;
        int common = shared((int) (pair / pairs)) + ngram - 1;
        Random both = new Random(seed * 31 + pair * 1_000_003);
        Random own = new Random(~seed * 31 + id * 1_000_033);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            long word = (i < common ? both : own).nextLong() >>> Long.SIZE - WORD_BITS;
            text.append(Long.toString(word, Character.MAX_RADIX)).append(' ');
        }
        return text.toString();
    }

    private int shared(int level) {
        double s = similarities.get(level);
        return (int) Math.round(2 * s * shingles() / (1 + s));
    }

    private int shingles() {
        return words - ngram + 1;
    }

    /** What edges connect, by similarity. @param edges one for each document that goes, to the one that stays */
    public List<Recall> recall(Dataset<Row> edges) {
        List<Row> found = edges.filter(expr("`from` div 2 = `to` div 2"))
                .groupBy(expr("cast(`from` div " + 2L * pairs + " as int)"))
                .count()
                .collectAsList();
        return IntStream.range(0, similarities.size())
                .mapToObj(level -> new Recall(
                        (double) shared(level) / (2 * shingles() - shared(level)),
                        pairs,
                        found.stream()
                                .filter(r -> r.getInt(0) == level)
                                .mapToLong(r -> r.getLong(1))
                                .sum()))
                .toList();
    }

    /** Edges between documents of different pairs, which have nothing in common. */
    public long mistaken(Dataset<Row> edges) {
        return edges.filter(col(Edges.FROM)
                        .divide(2)
                        .cast("long")
                        .notEqual(col(Edges.TO).divide(2).cast("long")))
                .count();
    }
}
