package dev.jumbo.nn.generate;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Logits of one token, and what {@link Sampling} does to them. What cannot be chosen is negative infinity. */
final class Logits {
    private static final float NEVER = Float.NEGATIVE_INFINITY;

    private Logits() {}

    /** @throws FailureException if one is NaN or infinite */
    static void requireFinite(float[] logits) {
        for (int i = 0; i < logits.length; i++) {
            if (Float.isNaN(logits[i]) || logits[i] == Float.POSITIVE_INFINITY) {
                throw new FailureException("expected finite logits from the model, received " + logits[i]
                        + " for the token " + i + "; its weights are damaged, or the training diverged");
            }
        }
    }

    /** Penalties and rules, which greedy search and beams heed as well. Changes the logits in place. */
    static void penalize(float[] logits, TokenList tokens, GenerationConfig config) {
        Sampling sampling = config.sampling();
        if (sampling.repetitionPenalty() != 1) {
            repetition(logits, tokens, (float) sampling.repetitionPenalty());
        }
        if (sampling.frequencyPenalty() != 0 || sampling.presencePenalty() != 0) {
            counted(logits, tokens, sampling);
        }
        if (sampling.noRepeatNgramSize() > 0) {
            ngrams(logits, tokens, sampling.noRepeatNgramSize());
        }
        if (tokens.generated() < config.minNewTokens()) {
            for (int end : config.ends()) {
                if (end < logits.length) {
                    logits[end] = NEVER;
                }
            }
        }
    }

    private static void repetition(float[] logits, TokenList tokens, float penalty) {
        boolean[] done = new boolean[logits.length];
        for (int i = 0; i < tokens.size(); i++) {
            int token = tokens.get(i);
            if (!done[token]) {
                done[token] = true;
                logits[token] = logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty;
            }
        }
    }

    private static void counted(float[] logits, TokenList tokens, Sampling sampling) {
        int[] counts = new int[logits.length];
        for (int i = tokens.prompt(); i < tokens.size(); i++) {
            counts[tokens.get(i)]++;
        }
        for (int i = tokens.prompt(); i < tokens.size(); i++) {
            int token = tokens.get(i);
            if (counts[token] > 0) {
                logits[token] -= (float) (sampling.frequencyPenalty() * counts[token] + sampling.presencePenalty());
                counts[token] = 0;
            }
        }
    }

    private static void ngrams(float[] logits, TokenList tokens, int n) {
        for (int from = 0; from + n <= tokens.size(); from++) {
            boolean same = true;
            for (int i = 0; same && i < n - 1; i++) {
                same = tokens.get(from + i) == tokens.get(tokens.size() - n + 1 + i);
            }
            if (same) {
                logits[tokens.get(from + n - 1)] = NEVER;
            }
        }
    }

    /** The first of the largest. @throws InputException if none can be chosen */
    static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        if (logits[best] == NEVER) {
            throw new InputException("expected a token that may be chosen, but the rules (no_repeat_ngram_size,"
                    + " min_new_tokens) leave none; loosen them");
        }
        return best;
    }

    /** Temperature and filters, in place. */
    static void filter(float[] logits, Sampling sampling) {
        float temperature = (float) sampling.temperature();
        if (temperature != 1) {
            // So that the smallest temperatures do not make infinities of the largest ones.
            float largest = logits[argmax(logits)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (logits[i] - largest) / temperature;
            }
        }
        if (sampling.topK() > 0 && sampling.topK() < logits.length) {
            topK(logits, sampling.topK());
        }
        if (sampling.topP() < 1) {
            topP(logits, sampling.topP());
        }
        if (sampling.minP() > 0) {
            minP(logits, sampling.minP());
        }
        if (sampling.typicalP() < 1) {
            typical(logits, sampling.typicalP());
        }
    }

    private static void topK(float[] logits, int k) {
        float[] sorted = logits.clone();
        Arrays.sort(sorted);
        float least = sorted[sorted.length - k];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = logits[i] < least ? NEVER : logits[i];
        }
    }

    private static void topP(float[] logits, double p) {
        long[] order = ascending(logits);
        double[] probabilities = probabilities(logits);
        double sum = 0;
        for (int i = 0; i < order.length - 1; i++) {
            int token = (int) order[i];
            sum += probabilities[token];
            if (sum > 1 - p) {
                return;
            }
            logits[token] = NEVER;
        }
    }

    private static void minP(float[] logits, double p) {
        double least = Math.log(p) + logits[argmax(logits)];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = logits[i] < least ? NEVER : logits[i];
        }
    }

    private static void typical(float[] logits, double mass) {
        double[] logs = logProbabilities(logits);
        double entropy = 0;
        for (double log : logs) {
            entropy -= log == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log) * log;
        }
        float[] distances = new float[logits.length];
        for (int i = 0; i < logs.length; i++) {
            distances[i] = (float) Math.abs(-logs[i] - entropy);
        }
        long[] order = ascending(distances);
        double sum = 0;
        int last = 0;
        for (long each : order) {
            sum += Math.exp(logs[(int) each]);
            if (sum >= mass) {
                break;
            }
            last++;
        }
        float bound = distances[(int) order[Math.min(last, order.length - 1)]];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = distances[i] > bound ? NEVER : logits[i];
        }
    }

    /** Places from the smallest value on, in the lower half of each number; of the same value in their order. */
    private static long[] ascending(float[] values) {
        long[] keys = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToIntBits(values[i]);
            // Negative floats are in reverse order of their bits.
            int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
            keys[i] = (long) ordered << 32 | i;
        }
        Arrays.sort(keys);
        return keys;
    }

    static double[] probabilities(float[] logits) {
        double largest = logits[argmax(logits)];
        double[] values = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(logits[i] - largest);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
        return values;
    }

    /** {@code log_softmax}. */
    static double[] logProbabilities(float[] logits) {
        double normal = logNormal(logits);
        double[] values = new double[logits.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = logits[i] - normal;
        }
        return values;
    }

    private static double logNormal(float[] logits) {
        double largest = logits[argmax(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    /** One token, by the probabilities of what was filtered. */
    static int draw(float[] logits, SplittableRandom random) {
        double[] probabilities = probabilities(logits);
        double at = random.nextDouble();
        double sum = 0;
        int last = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] > 0) {
                sum += probabilities[i];
                last = i;
                if (at < sum) {
                    return i;
                }
            }
        }
        return last;
    }

    /** A token with what is told of it. @param most how many of the most probable ones */
    static GeneratedToken told(int id, float[] raw, int most) {
        double normal = logNormal(raw);
        long[] order = most == 0 ? new long[0] : ascending(raw);
        GeneratedToken.Choice[] top = new GeneratedToken.Choice[Math.min(most, order.length)];
        for (int i = 0; i < top.length; i++) {
            int token = (int) order[order.length - 1 - i];
            top[i] = new GeneratedToken.Choice(token, raw[token] - normal);
        }
        return new GeneratedToken(id, raw[id] - normal, List.of(top));
    }
}
