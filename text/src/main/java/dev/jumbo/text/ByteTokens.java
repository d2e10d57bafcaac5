package dev.jumbo.text;

import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.text.split.ByteLetters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The 256 bytes of UTF-8, and 256 for the end of a document: no file, no word unknown, every text comes back as it was. */
@Kind("bytes")
public record ByteTokens() implements TokenizerConfig {
    private static final int END = 256;

    private static final String NAME = "<|endoftext|>";

    /** How many tokens there are. */
    public static final int VOCABULARY_SIZE = END + 1;

    @Override
    public Tokenizer open() {
        return new Bytes();
    }

    private static final class Bytes implements Tokenizer {
        @Override
        public int[] encode(String text) {
            byte[] bytes = Texts.whole(text).getBytes(StandardCharsets.UTF_8);
            int[] tokens = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                tokens[i] = bytes[i] & 0xff;
            }
            return tokens;
        }

        /** A byte of a character stands where the whole character does. */
        @Override
        public Encoding tokens(String text) {
            int[] ids = encode(text);
            int[] starts = new int[ids.length];
            int[] ends = new int[ids.length];
            int at = 0;
            for (int i = 0; i < text.length(); ) {
                int code = text.codePointAt(i);
                int end = i + Character.charCount(code);
                int bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
                Arrays.fill(starts, at, at + bytes, i);
                Arrays.fill(ends, at, at + bytes, end);
                at += bytes;
                i = end;
            }
            return Encoding.of(ids, starts, ends);
        }

        @Override
        public String token(int id) {
            if (id < 0 || id > END) {
                throw new InputException("expected tokens from 0 to " + END + ", received " + id);
            }
            return id == END ? NAME : String.valueOf(ByteLetters.of(id));
        }

        @Override
        public String decode(int[] tokens) {
            byte[] bytes = new byte[tokens.length];
            int size = 0;
            for (int token : tokens) {
                if (token < 0 || token > END) {
                    throw new InputException("expected tokens from 0 to " + END + ", received " + token);
                }
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
