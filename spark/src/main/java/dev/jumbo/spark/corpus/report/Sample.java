package dev.jumbo.spark.corpus.report;

import dev.jumbo.config.Doc;
import java.io.Serializable;

/** A document that a stage did not keep. */
public record Sample(
        @Doc("Its id.") long id,
        @Doc("Where it is from.") String source,
        @Doc("What was found.") String detail,
        @Doc("The beginning of its text.") String excerpt)
        implements Serializable {}
