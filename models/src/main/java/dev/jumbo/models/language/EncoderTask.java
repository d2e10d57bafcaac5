package dev.jumbo.models.language;

/** What an encoder is used for: which head it has. */
public enum EncoderTask {
    /** Logits of the token at each step, by the weight of the embedding. */
    MASKED_LM,
    /** Logits of classes of the whole text. */
    SEQUENCE_CLASSIFICATION,
    /** Logits of classes of each token. */
    TOKEN_CLASSIFICATION,
    /** The vector of each token. */
    TOKEN_EMBEDDINGS,
    /** The mean of the vectors of a text's tokens (Reimers, Gurevych, 2019). */
    SENTENCE_EMBEDDINGS
}
