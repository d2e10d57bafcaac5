package dev.jumbo.spark.corpus.stage;

import dev.jumbo.spark.PipelineStage;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A stage that needs all documents at once. */
public interface CorpusStage extends PipelineStage {
    /**
     * What becomes of each document, as rows of {@link dev.jumbo.spark.corpus.document.Entry}. The same for the same
     * documents, however they are divided.
     *
     * @param documents those that earlier stages kept
     * @param work an empty directory for what lies between, which every machine can reach
     */
    Dataset<Row> apply(Dataset<Row> documents, Path work);
}
