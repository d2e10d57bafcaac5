package dev.jumbo.spark.text;

import java.util.Map;

/** What a step did with a document. */
public sealed interface Outcome {
    /**
     * The document goes on.
     *
     * @param document the same object where nothing was changed
     * @param counts how often something was done, by a stable short name such as {@code private_data.email}
     */
    record Kept(Document document, Map<String, Integer> counts) implements Outcome {
        public Kept {
            counts = Map.copyOf(counts);
        }
    }

    /**
     * The document ends here.
     *
     * @param reason a stable short name, such as {@code gopher.too_few_words}, that a report counts by
     * @param detail what was found, for a reader of samples: "12 words, expected 50 to 100000"
     */
    record Dropped(String reason, String detail) implements Outcome {}

    /** The document goes on, and there is nothing to count. */
    static Outcome keep(Document document) {
        return new Kept(document, Map.of());
    }

    /** The document goes on, and something was done so many times. */
    static Outcome keep(Document document, Map<String, Integer> counts) {
        return new Kept(document, counts);
    }

    /** The document ends here. */
    static Outcome drop(String reason, String detail) {
        return new Dropped(reason, detail);
    }
}
