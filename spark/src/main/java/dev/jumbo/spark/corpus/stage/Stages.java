package dev.jumbo.spark.corpus.stage;

import dev.jumbo.config.Kind;
import dev.jumbo.config.Records;
import dev.jumbo.spark.PipelineStage;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.text.TextStep;
import dev.jumbo.spark.text.steps.TextSteps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The stages that files may name, and how each runs. */
public final class Stages {
    private Stages() {}

    /** For {@link Records#with}: nothing that is not in this list is ever made from a file. */
    public static List<Class<? extends PipelineStage>> kinds() {
        List<Class<? extends PipelineStage>> kinds = new ArrayList<>(TextSteps.kinds());
        kinds.add(ExactDedup.class);
        kinds.add(MinHashDedup.class);
        return List.copyOf(kinds);
    }

    /** Records that read stages. */
    public static Records records() {
        return Records.of().with(PipelineStage.class, kinds());
    }

    /** The name by which files choose a record. */
    public static String name(Object named) {
        Kind kind = named.getClass().getAnnotation(Kind.class);
        if (kind == null) {
            throw new IllegalArgumentException(named.getClass().getName() + " has no @Kind");
        }
        return kind.value();
    }

    /**
     * What becomes of each document, as rows of {@link Entry}.
     *
     * @param documents those that earlier stages kept
     * @param work as in {@link CorpusStage#apply}
     */
    public static Dataset<Row> run(PipelineStage stage, Dataset<Row> documents, Path work) {
        if (stage instanceof CorpusStage whole) {
            return whole.apply(documents, work);
        }
        return documents.mapPartitions(StepRunner.of((TextStep) stage), Entry.encoder());
    }
}
