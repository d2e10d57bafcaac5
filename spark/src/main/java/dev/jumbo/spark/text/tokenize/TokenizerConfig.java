package dev.jumbo.spark.text.tokenize;

/** Which tokenizer: a record that files can name. */
public sealed interface TokenizerConfig permits ByteTokens, Gpt2Tokens, HuggingFaceTokens {
    /**
     * Reads the files and makes the tokenizer; costly, so once a process.
     *
     * @throws dev.jumbo.error.InputException if a file is missing or is none of a tokenizer, or knows no such end of a document
     */
    Tokenizer open();
}
