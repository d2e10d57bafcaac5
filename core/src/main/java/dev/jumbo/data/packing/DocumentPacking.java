package dev.jumbo.data.packing;

/** How documents become examples. */
public enum DocumentPacking {
    /**
     * Blocks follow each other through all documents, across their ends, as GPT-2 and GPT-3 were trained: every token but the first is a target
     * once, and nothing is filled up but the last block.
     */
    WRAPPED,
    /**
     * Blocks of whole documents, each of which goes into the fullest block that has room for it, the longest first (best-fit decreasing, Ding et
     * al., 2024). A document longer than a block is cut. What is left of a block is filled up.
     */
    BEST_FIT,
    /** Each document is an example of its own length; a batch is filled up to its longest, with a mask. */
    NONE
}
