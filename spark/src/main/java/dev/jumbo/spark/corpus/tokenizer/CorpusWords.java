package dev.jumbo.spark.corpus.tokenizer;

import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.Records;
import dev.jumbo.text.train.TokenizerTrainer;
import dev.jumbo.text.train.TokenizerType;
import dev.jumbo.text.train.TrainedTokenizer;
import dev.jumbo.text.train.WordCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The different words of a corpus and how often each occurs: counted in each part, added up by word. Training sees them in the order of their letters, so the
 * tokenizer is the same whatever the number of parts.
 *
 * @param configuration a {@link TokenizerOutput} in JSON: functions travel to other machines
 */
public record CorpusWords(String configuration) implements MapPartitionsFunction<Row, Row> {
    /** Columns {@code word} and {@code count}. */
    public static final StructType SCHEMA =
            new StructType().add("word", DataTypes.StringType, false).add("count", DataTypes.LongType, false);

    /** Words that a task counts before it hands them on: some tens of megabytes. */
    private static final int MOST_WORDS = 1 << 18;

    /** Rows of {@link #SCHEMA}, each word once. @param documents with a column {@code text} */
    public static Dataset<Row> count(Dataset<Row> documents, TokenizerOutput output) {
        CorpusWords counting = new CorpusWords(
                Records.of().write(TokenizerOutput.class, output).toString());
        return documents
                .select("text")
                .mapPartitions(counting, Encoders.row(SCHEMA))
                .groupBy("word")
                .agg(sum("count").as("count"));
    }

    /** Trains on what {@link #count} gave. They have room in this process's memory, the words and about 60 bytes for each. */
    public static TrainedTokenizer train(Dataset<Row> words, TokenizerOutput output) {
        WordCounts counts = new WordCounts();
        if (output.type() != TokenizerType.BYTES) {
            words.toLocalIterator().forEachRemaining(row -> counts.add(row.getString(0), row.getLong(1)));
        }
        return output.trainer().train(counts);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> documents) throws JsonProcessingException {
        TokenizerTrainer trainer = Records.of()
                .read(TokenizerOutput.class, "tokenizer", new ObjectMapper().readTree(configuration))
                .trainer();
        return new Counted(documents, trainer);
    }

    /** Counts some documents whenever what it counted before is gone. */
    private static final class Counted implements Iterator<Row> {
        private final Iterator<Row> documents;
        private final TokenizerTrainer trainer;
        private Iterator<Row> ready = Collections.emptyIterator();

        Counted(Iterator<Row> documents, TokenizerTrainer trainer) {
            this.documents = documents;
            this.trainer = trainer;
        }

        @Override
        public boolean hasNext() {
            while (!ready.hasNext() && documents.hasNext()) {
                WordCounts counts = new WordCounts();
                while (counts.size() < MOST_WORDS && documents.hasNext()) {
                    trainer.count(documents.next().getString(0), counts);
                }
                List<Row> rows = new ArrayList<>(counts.size());
                counts.forEach((word, times) -> rows.add(RowFactory.create(word, times)));
                ready = rows.iterator();
            }
            return ready.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.next();
        }
    }
}
