package dev.jumbo.data.shards;

/** How a stream of tokens is cut into examples. */
public enum Windows {
    /**
     * Windows follow each other through the whole stream, across the ends of documents, as GPT-2 and GPT-3 were trained:
     * every token but the last few is a target once.
     */
    STREAM,
    /**
     * Windows follow each other through each document and begin anew with the next. The last window of a document is
     * filled up: its inputs with the end-of-document id (0 where there is none), its targets with {@link
     * TokenDataset#IGNORED}.
     */
    DOCUMENT
}
