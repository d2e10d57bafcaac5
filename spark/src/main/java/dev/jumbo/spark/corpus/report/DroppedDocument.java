package dev.jumbo.spark.corpus.report;

import dev.jumbo.config.Doc;
import java.io.Serializable;
import java.util.function.UnaryOperator;

/** A document that a stage did not keep. */
public record DroppedDocument(
        @Doc("Its id.") long id,
        @Doc("Where it is from.") String source,
        @Doc("What was found.") String detail,
        @Doc("The beginning of its text.") String excerpt)
        implements Serializable {
    /** With other words in the place of what may not be shown. */
    DroppedDocument masked(UnaryOperator<String> mask) {
        return new DroppedDocument(id, source, mask.apply(detail), mask.apply(excerpt));
    }
}
