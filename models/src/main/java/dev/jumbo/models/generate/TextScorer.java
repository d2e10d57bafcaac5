package dev.jumbo.models.generate;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.CausalNetwork;
import dev.jumbo.nn.generate.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How probable given texts are to a language model, as lm-evaluation-harness asks it. Each text is computed by itself, so it has the same bits
 * whatever else is asked. One thread at a time, as long as its {@link TextGenerator} is open.
 */
public final class TextScorer {
    private final CausalNetwork network;
    private final TextCodec codec;

    TextScorer(CausalNetwork network, TextCodec codec) {
        this.network = network;
        this.codec = codec;
    }

    /**
     * A continuation behind a context.
     *
     * @param logprob the natural logarithm of its probability
     * @param isGreedy whether greedy decoding would have said it
     * @param cut tokens of the context, the first ones, that did not fit and were left out
     */
    public record Continuation(double logprob, boolean isGreedy, int cut) {}

    /** The most tokens of a context and a continuation, but for the last one. */
    public int context() {
        return network.context();
    }

    /**
     * The probability of a continuation. White space at the end of the context belongs to the continuation; both are divided into tokens as one
     * text, and the tokens behind as many as the context has alone are the continuation's. Behind no context at all stands the mark of a beginning.
     * A context that is too long loses its first tokens.
     *
     * @throws InputException if the continuation has no token or does not fit, or there is no context and the tokenizer has no mark of a beginning
     */
    public Continuation score(String context, String continuation) {
        int end = context.length();
        while (end > 0 && isSpace(context.charAt(end - 1))) {
            end--;
        }
        int[] before;
        int[] all;
        if (end == 0) {
            int[] said = codec.encode(context + continuation);
            int[] mark = mark();
            boolean marked = said.length > 0 && mark.length == 1 && said[0] == mark[0];
            before = marked ? Arrays.copyOf(said, 1) : mark;
            all = marked ? said : join(mark, said);
        } else {
            before = encode(context.substring(0, end));
            all = encode(context + continuation);
        }
        int count = all.length - before.length;
        if (before.length == 0) {
            throw new InputException("expected a context of one token or more before \"" + continuation
                    + "\", as the tokenizer has no mark of a beginning; received none");
        }
        if (count < 1) {
            throw new InputException("expected a continuation of one token or more behind the context, received \""
                    + continuation + "\", which adds none");
        }
        if (count > network.context()) {
            throw new InputException("expected a continuation of at most " + network.context()
                    + " tokens, the model's context, received " + count);
        }
        int cut = Math.max(0, all.length - (network.context() + 1));
        TokenScores scores = network.score(Arrays.copyOfRange(all, cut, all.length), count);
        return new Continuation(scores.sum(), scores.allGreedy(), cut);
    }

    /**
     * A whole text.
     *
     * @param logprob the natural logarithm of the probability of its tokens
     * @param tokens that were scored
     */
    public record Rolled(double logprob, int tokens) {}

    /**
     * The probability of a text of any length in windows of the whole context that do not overlap but for one token: the first stands behind the
     * mark of a beginning, and the last is filled up with the tokens before it ({@code loglikelihood_rolling}). Where a tokenizer has no mark of a
     * beginning, as one of characters, the first token is not scored.
     */
    public Rolled rolling(String text) {
        int[] mark = mark();
        int[] all = join(mark, encode(text));
        int width = network.context();
        double sum = 0;
        int scored = 1;
        while (scored < all.length) {
            int end = Math.min(all.length, scored + width);
            int begin = Math.max(0, end - width - 1);
            sum += network.score(Arrays.copyOfRange(all, begin, end), end - scored)
                    .sum();
            scored = end;
        }
        return new Rolled(sum, Math.max(0, all.length - 1));
    }

    /**
     * The perplexity of one long text by windows that overlap, as in Hugging Face's documentation.
     *
     * @param perplexity e to the mean of {@code -log p} over the tokens that were scored, each once
     * @param documented as the loop in the documentation weighs the windows: those behind the first with one token less than they score
     * @param tokens that were scored: all but the first, and where windows do not overlap all but the first of each
     */
    public record Strided(double perplexity, double documented, int tokens) {}

    /**
     * The perplexity of a text in windows that begin every {@code stride} tokens; of each the tokens are scored that no window before it has, so
     * with a small stride each has much before it.
     *
     * @param maxLength tokens of a window, from 2 to the model's context
     * @param stride from 1 to {@code maxLength}
     * @throws InputException if an argument is out of its range, or the text has fewer than two tokens
     */
    public Strided strided(String text, int maxLength, int stride) {
        if (maxLength < 2 || maxLength > network.context()) {
            throw new InputException("max_length: expected tokens of a window from 2 to " + network.context()
                    + ", the model's context, received " + maxLength);
        }
        if (stride < 1 || stride > maxLength) {
            throw new InputException(
                    "stride: expected tokens from 1 to " + maxLength + ", those of a window, received " + stride);
        }
        int[] all = join(ids(codec.beginning()), said(text));
        if (all.length < 2) {
            throw new InputException("expected a text of two tokens or more, received " + all.length);
        }
        double sum = 0;
        double weighed = 0;
        int weights = 0;
        int scored = 0;
        int before = 0;
        for (int begin = 0; before < all.length; begin += stride) {
            int end = Math.min(begin + maxLength, all.length);
            int fresh = end - before;
            int count = Math.min(fresh, end - begin - 1);
            if (count > 0) {
                double window = network.score(Arrays.copyOfRange(all, begin, end), count)
                        .sum();
                sum += window;
                scored += count;
                weighed += window / count * (fresh - 1);
                weights += fresh - 1;
            }
            before = end;
        }
        return new Strided(Math.exp(-sum / scored), weights == 0 ? Double.NaN : Math.exp(-weighed / weights), scored);
    }

    /** The last tokens of a prompt. @param most so many at most */
    public int[] lastTokens(String prompt, int most) {
        int[] all = prompt.isEmpty() ? mark() : encode(prompt);
        return all.length <= most ? all : Arrays.copyOfRange(all, all.length - most, all.length);
    }

    /** Behind the marks of a beginning, unless the text begins with the one itself, as what a chat template wrote does. */
    private int[] encode(String text) {
        int[] said = said(text);
        int[] mark = mark();
        boolean marked = said.length > 0 && mark.length == 1 && said[0] == mark[0];
        return marked ? said : join(ids(codec.beginning()), said);
    }

    private int[] said(String text) {
        return text.isEmpty() ? new int[0] : codec.encode(text);
    }

    private int[] mark() {
        List<Integer> marks = new ArrayList<>(codec.anything());
        return ids(marks.isEmpty() ? marks : marks.subList(marks.size() - 1, marks.size()));
    }

    private static int[] ids(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] join(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    /** As Python's {@code str.isspace}. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || c == 0x85 || c == 0xa0 || c == 0x2007 || c == 0x202f;
    }
}
