package dev.jumbo.spark.corpus.report;

import dev.jumbo.config.Doc;
import dev.jumbo.spark.corpus.document.Fate;
import java.io.Serializable;
import java.util.List;
import java.util.function.UnaryOperator;

/** Why documents were not kept. */
public record Reason(
        @Doc("A short stable name.") String name,
        @Doc("What became of them.") Fate fate,
        @Doc("How many.") long documents,
        @Doc("UTF-8 bytes of their texts.") long bytes,
        @Doc("Some of them, chosen by their ids.") List<DroppedDocument> samples)
        implements Serializable {
    public Reason {
        samples = List.copyOf(samples);
    }

    Reason masked(UnaryOperator<String> mask) {
        return new Reason(
                name,
                fate,
                documents,
                bytes,
                samples.stream().map(s -> s.masked(mask)).toList());
    }
}
