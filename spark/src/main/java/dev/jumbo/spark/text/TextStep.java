package dev.jumbo.spark.text;

import dev.jumbo.spark.PipelineStage;

/**
 * One step of the preparation of text: a rule or a change that needs nothing but the document.
 *
 * <p>Implementations are records with a {@link dev.jumbo.config.Kind}: their configuration is all there is to send to
 * another machine. What is costly to make, such as the models of languages, is made once in each JVM at first use.
 * {@link #apply} may run on any number of threads at once, and gives the same outcome on every machine.
 */
public interface TextStep extends PipelineStage {
    /**
     * Keeps the document, perhaps changed, or drops it with a reason. Bad text is never an error.
     *
     * @throws dev.jumbo.error.InputException if the step itself cannot work, such as a list that is not there
     */
    Outcome apply(Document document);
}
