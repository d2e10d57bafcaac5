package dev.jumbo.spark.corpus.document;

/** What a stage did with a document. */
public enum Fate {
    /** It goes on to the next stage. */
    KEPT,
    /** A rule took it out. */
    DROPPED,
    /** It could not be read, or a step failed on it. */
    QUARANTINED
}
