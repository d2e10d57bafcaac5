package dev.jumbo.spark.corpus.stage;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.spark.corpus.dedup.KeyGroups;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.NormalWords;
import dev.jumbo.spark.text.dedup.Hash128;
import java.nio.file.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Of documents with the same text the one with the smallest id stays, by a hash of 128 bits. */
@Kind("exact_dedup")
public record ExactDedup(
        @Doc("What must be the same: the words, without case, punctuation and layout (of texts without words: the"
                + " characters), or every character.")
        @Default("words")
        By by)
        implements CorpusStage {
    /** What must be the same. */
    public enum By {
        WORDS,
        TEXT
    }

    @Override
    public Dataset<Row> apply(Dataset<Row> documents, Path work) {
        StructType schema = new StructType()
                .add("high", DataTypes.LongType, false)
                .add("low", DataTypes.LongType, false)
                .add(KeyGroups.ID, DataTypes.LongType, false);
        By what = by;
        Dataset<Row> keyed = documents
                .select("id", "text")
                .map((MapFunction<Row, Row>) row -> key(row.getLong(0), row.getString(1), what), Encoders.row(schema));
        return Duplicates.drop(documents, KeyGroups.edges(keyed), "exact_dedup.duplicate", work);
    }

    private static Row key(long id, String text, By what) {
        Hash128 hash = hash(text, what);
        return RowFactory.create(hash.high(), hash.low(), id);
    }

    /** Texts without a word, such as those of emoji or signs alone, would all be the same by words: their characters decide. */
    static Hash128 hash(String text, By what) {
        if (what == By.TEXT) {
            return Hash128.ofExactly(text);
        }
        NormalWords words = Document.of("", text).normalWords();
        return words.count() == 0 ? Hash128.ofExactly(text.strip()) : Hash128.of(words);
    }
}
