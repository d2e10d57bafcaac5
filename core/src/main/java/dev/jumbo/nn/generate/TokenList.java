package dev.jumbo.nn.generate;

import java.util.Arrays;

/** Tokens of a prompt and of the answer behind it; grows. */
final class TokenList {
    private int[] tokens;
    private int size;
    private final int prompt;

    TokenList(int[] start) {
        tokens = Arrays.copyOf(start, start.length + 16);
        size = start.length;
        prompt = start.length;
    }

    private TokenList(TokenList other) {
        tokens = other.tokens.clone();
        size = other.size;
        prompt = other.prompt;
    }

    /** A copy with one more. */
    TokenList with(int token) {
        TokenList copy = new TokenList(this);
        copy.add(token);
        return copy;
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        tokens[size++] = token;
    }

    int get(int index) {
        return tokens[index];
    }

    int size() {
        return size;
    }

    /** Tokens of the prompt. */
    int prompt() {
        return prompt;
    }

    /** Tokens of the answer. */
    int generated() {
        return size - prompt;
    }

    int last() {
        return tokens[size - 1];
    }

    /** The last tokens. */
    int[] newest(int count) {
        return Arrays.copyOfRange(tokens, size - count, size);
    }

    /** The answer. */
    int[] answer() {
        return Arrays.copyOfRange(tokens, prompt, size);
    }
}
