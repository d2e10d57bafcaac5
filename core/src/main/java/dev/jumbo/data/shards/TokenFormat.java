package dev.jumbo.data.shards;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What all shards of a set of tokens have in common.
 *
 * @param tokenizer the tokenizer's name, for people
 * @param tokenizerSha256 SHA-256 of the tokenizer's file, in hexadecimal
 * @param vocabularySize ids are below it
 * @param dtype how ids are stored
 * @param endOfDocument the id that a writer puts behind each document, or null for none
 * @param seed of the order of the documents
 */
public record TokenFormat(
        @Doc("Name of the tokenizer.") String tokenizer,
        @Doc("SHA-256 of the tokenizer's file.") String tokenizerSha256,
        @Doc("Token ids are below this.") int vocabularySize,
        @Doc("How ids are stored.") TokenType dtype,

        @Doc("The id behind each document, if there is one.") @Default("null") @Nullable
        Integer endOfDocument,

        @Doc("The seed of the order of the documents.") @Default("0")
        long seed)
        implements Serializable {
    public TokenFormat {
        if (vocabularySize < 1) {
            throw new InputException("expected a vocabulary of 1 token or more, received " + vocabularySize);
        }
        if (dtype == TokenType.UINT16 && TokenType.of(vocabularySize) != TokenType.UINT16) {
            throw new InputException("expected a vocabulary of at most 65536 tokens for uint16, received "
                    + vocabularySize + "; use uint32");
        }
        if (endOfDocument != null && (endOfDocument < 0 || endOfDocument >= vocabularySize)) {
            throw new InputException(
                    "expected an end-of-document id from 0 to " + (vocabularySize - 1) + ", received " + endOfDocument);
        }
        if (!tokenizerSha256.matches("[0-9a-f]{64}")) {
            throw new InputException(
                    "expected the tokenizer's SHA-256 as 64 hexadecimal digits, received \"" + tokenizerSha256 + "\"");
        }
    }

    /** With the smallest type that holds the vocabulary. */
    public static TokenFormat of(
            String tokenizer, String tokenizerSha256, int vocabularySize, @Nullable Integer endOfDocument, long seed) {
        return new TokenFormat(
                tokenizer, tokenizerSha256, vocabularySize, TokenType.of(vocabularySize), endOfDocument, seed);
    }
}
