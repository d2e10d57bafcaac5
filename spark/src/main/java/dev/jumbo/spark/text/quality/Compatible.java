package dev.jumbo.spark.text.quality;

/** Whose way of counting decides a rule of quality. */
public enum Compatible {
    /** Jumbo's, of docs/text.md: a word holds a letter or a digit, and shares are of the characters in words. */
    NONE,
    /**
     * That of datatrove, the code that made FineWeb: marks of punctuation are words, n-grams are of tokens as written, shares are of all characters, lines
     * are not trimmed. Words are those of spaCy's rules for English, which datatrove uses.
     */
    DATATROVE
}
