package dev.jumbo.spark.corpus.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.JumboException;
import dev.jumbo.spark.Absolute;
import dev.jumbo.spark.PipelineStage;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.text.TextStep;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Runs a step on the documents of a partition. The step travels as its configuration, and each process makes it once.
 *
 * @param name of the step
 * @param configuration of the step, in JSON
 */
record StepRunner(String name, String configuration) implements MapPartitionsFunction<Row, Row> {
    private static final Map<String, TextStep> MADE = new ConcurrentHashMap<>();

    static StepRunner of(TextStep step) {
        String json =
                Stages.records().write(PipelineStage.class, Absolute.of(step)).toString();
        return new StepRunner(Stages.name(step), json);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        TextStep step = MADE.computeIfAbsent(configuration, StepRunner::make);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return apply(step, Entry.of(rows.next())).row();
            }
        };
    }

    /** A document on which the step fails costs itself, and not the run. */
    private Entry apply(TextStep step, Entry entry) {
        try {
            return entry.after(step.apply(entry.document()));
        } catch (JumboException e) {
            throw e; // The step itself cannot work.
        } catch (RuntimeException | StackOverflowError e) {
            return entry.failed(name + ".failed", e.toString());
        }
    }

    private static TextStep make(String json) {
        try {
            return (TextStep) Stages.records().read(PipelineStage.class, "stage", new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was just written", e);
        }
    }
}
