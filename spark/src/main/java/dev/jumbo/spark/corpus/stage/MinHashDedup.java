package dev.jumbo.spark.corpus.stage;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.corpus.dedup.ConnectedComponents;
import dev.jumbo.spark.corpus.dedup.Edges;
import dev.jumbo.spark.corpus.dedup.KeyGroups;
import dev.jumbo.spark.corpus.dedup.Similarity;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.dedup.MinHash;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Of documents that are nearly the same, and those that are nearly the same as these, the one with the smallest id stays.
 * Two documents of Jaccard similarity s share a band with the chance {@code 1 - (1 - s^rows)^bands}; the defaults are
 * FineWeb's (Penedo et al., 2024).
 */
@Kind("minhash_dedup")
public record MinHashDedup(
        @Doc("Words of a shingle.") @Default("5") int ngram,

        @Doc("Groups of hashes, one of which must agree whole.") @Default("14")
        int bands,

        @Doc("Hashes of a band.") @Default("8") int rows,
        @Doc("Chooses the hash functions.") @Default("1") long seed,

        @Doc("Pairs below this exact Jaccard similarity are not connected, though a band agrees by chance; null: not"
                + " checked. Pairs above are not affected.")
        @Default("0.3")
        @Nullable
        Double minSimilarity)
        implements CorpusStage {
    public MinHashDedup {
        if (minSimilarity != null && !(minSimilarity >= 0 && minSimilarity <= 1)) {
            throw new InputException("expected a min_similarity from 0 to 1, received " + minSimilarity);
        }
        new MinHash(ngram, bands, rows, seed);
    }

    @Override
    public Dataset<Row> apply(Dataset<Row> documents, Path work) {
        return Duplicates.drop(documents, components(documents, work), "minhash_dedup.near_duplicate", work);
    }

    /** The edge of each document that goes to the one that stays. @param documents columns {@code id} and {@code text} */
    public Dataset<Row> components(Dataset<Row> documents, Path work) {
        MinHash minHash = new MinHash(ngram, bands, rows, seed);
        StructType schema =
                new StructType().add("key", DataTypes.LongType, false).add(KeyGroups.ID, DataTypes.LongType, false);
        Dataset<Row> keyed = documents
                .select("id", "text")
                .flatMap((FlatMapFunction<Row, Row>) row -> keys(row, minHash), Encoders.row(schema));
        Dataset<Row> edges = KeyGroups.edges(keyed);
        if (minSimilarity != null) {
            // They are used several times; what they are computed from is every document's signature.
            edges = Edges.save(edges, work.resolve("pairs"));
            edges = Similarity.atLeast(minSimilarity, edges, documents.select(col("id"), col("text")), minHash);
        }
        return ConnectedComponents.of(edges, work);
    }

    private static Iterator<Row> keys(Row row, MinHash minHash) {
        Document document = Document.of("", row.getString(1));
        long id = row.getLong(0);
        return Arrays.stream(minHash.bandKeys(minHash.shingles(document.normalWords())))
                .mapToObj(key -> RowFactory.create(key, id))
                .iterator();
    }
}
