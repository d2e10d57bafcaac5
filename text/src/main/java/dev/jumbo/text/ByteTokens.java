package dev.jumbo.text;

import dev.jumbo.config.Kind;
import java.nio.charset.StandardCharsets;

/** The 256 bytes of UTF-8, and 256 for the end of a document: no file, no word unknown, every text comes back as it was. */
@Kind("bytes")
public record ByteTokens() implements TokenizerConfig {
    private static final int END = 256;

    /** How many tokens there are. */
    public static final int VOCABULARY_SIZE = END + 1;

    @Override
    public Tokenizer open() {
        return new Bytes();
    }

    private static final class Bytes implements Tokenizer {
        @Override
        public int[] encode(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int[] tokens = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                tokens[i] = bytes[i] & 0xff;
            }
            return tokens;
        }

        @Override
        public String decode(int[] tokens) {
            byte[] bytes = new byte[tokens.length];
            int size = 0;
            for (int token : tokens) {
                if (token != END) {
                    bytes[size++] = (byte) token;
                }
            }
            return new String(bytes, 0, size, StandardCharsets.UTF_8);
        }

        @Override
        public int vocabularySize() {
            return VOCABULARY_SIZE;
        }

        @Override
        public int endOfDocument() {
            return END;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
