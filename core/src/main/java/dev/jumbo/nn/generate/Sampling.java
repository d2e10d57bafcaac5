package dev.jumbo.nn.generate;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;

/**
 * How the next token is chosen from its logits z. In this order, which is that of Hugging Face's {@code generate}:
 *
 * <ol>
 *   <li>{@code repetition_penalty} r (Keskar et al., 2019): of each token of the prompt and the answer so far, {@code z / r} where z is
 *       positive and {@code z * r} where it is not;
 *   <li>{@code frequency_penalty} f and {@code presence_penalty} p (OpenAI): {@code z - f * count - p * (count > 0)}, where tokens of the answer
 *       count;
 *   <li>{@code no_repeat_ngram_size} n: a token that would repeat n tokens of prompt and answer cannot be chosen;
 *   <li>{@code temperature} t: {@code z / t}; 0 takes the largest, and nothing below matters then;
 *   <li>{@code top_k}: tokens whose logit is below the k-th largest go (Fan et al., 2018);
 *   <li>{@code top_p}: the most probable tokens stay whose probabilities add up to p or more (Holtzman et al., 2020);
 *   <li>{@code min_p}: tokens less probable than p times the most probable one go (Nguyen et al., 2024);
 *   <li>{@code typical_p}: those stay whose information is nearest to the entropy, up to a mass of p (Meister et al., 2022).
 * </ol>
 *
 * @param temperature 0 or more
 * @param topK 0 for all
 * @param topP above 0, up to 1 for all
 * @param minP from 0 for all to 1
 * @param typicalP above 0, up to 1 for all
 * @param repetitionPenalty above 0; 1 for none
 * @param frequencyPenalty 0 for none
 * @param presencePenalty 0 for none
 * @param noRepeatNgramSize 0 for none
 * @param seed of what is drawn; the same prompt and seed give the same answer
 */
@Doc("How the next token is chosen.")
public record Sampling(
        @Doc("Logits are divided by it; 0 takes the most probable token.") @Default("0.0")
        double temperature,

        @Doc("Only so many of the most probable tokens; 0 for all.") @Default("0")
        int topK,

        @Doc("Only the most probable tokens that have this probability together.") @Default("1.0")
        double topP,

        @Doc("No token less probable than this times the most probable one.") @Default("0.0")
        double minP,

        @Doc("Only tokens nearest to the entropy that have this probability together.") @Default("1.0")
        double typicalP,

        @Doc("Makes tokens of the prompt and the answer less probable where it is above 1.") @Default("1.0")
        double repetitionPenalty,

        @Doc("Taken off the logit of a token for each time that the answer has it.") @Default("0.0")
        double frequencyPenalty,

        @Doc("Taken off the logit of a token that the answer has.") @Default("0.0")
        double presencePenalty,

        @Doc("So many tokens in a row never come again; 0 for no such rule.") @Default("0")
        int noRepeatNgramSize,

        @Doc("Of what is drawn.") @Default("0") long seed) {
    public Sampling {
        require(temperature >= 0 && temperature < Double.POSITIVE_INFINITY, "temperature", "0 or more", temperature);
        require(topK >= 0, "top_k", "0 or more", topK);
        require(topP > 0 && topP <= 1, "top_p", "above 0, up to 1", topP);
        require(minP >= 0 && minP <= 1, "min_p", "from 0 to 1", minP);
        require(typicalP > 0 && typicalP <= 1, "typical_p", "above 0, up to 1", typicalP);
        require(
                repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
                "repetition_penalty",
                "above 0",
                repetitionPenalty);
        require(Double.isFinite(frequencyPenalty), "frequency_penalty", "a finite number", frequencyPenalty);
        require(Double.isFinite(presencePenalty), "presence_penalty", "a finite number", presencePenalty);
        require(noRepeatNgramSize >= 0, "no_repeat_ngram_size", "0 or more", noRepeatNgramSize);
    }

    private static void require(boolean fits, String name, String expected, Object received) {
        if (!fits) {
            throw new InputException("sampling." + name + ": expected " + expected + ", received " + received);
        }
    }

    /** The most probable token. */
    public static Sampling greedy() {
        return new Sampling(0, 0, 1, 0, 1, 1, 0, 0, 0, 0);
    }

    /** Drawn by the probabilities at a temperature. */
    public static Sampling of(double temperature, long seed) {
        return new Sampling(temperature, 0, 1, 0, 1, 1, 0, 0, 0, seed);
    }

    public Sampling topK(int k) {
        return new Sampling(
                temperature,
                k,
                topP,
                minP,
                typicalP,
                repetitionPenalty,
                frequencyPenalty,
                presencePenalty,
                noRepeatNgramSize,
                seed);
    }

    public Sampling topP(double p) {
        return new Sampling(
                temperature,
                topK,
                p,
                minP,
                typicalP,
                repetitionPenalty,
                frequencyPenalty,
                presencePenalty,
                noRepeatNgramSize,
                seed);
    }

    public Sampling minP(double p) {
        return new Sampling(
                temperature,
                topK,
                topP,
                p,
                typicalP,
                repetitionPenalty,
                frequencyPenalty,
                presencePenalty,
                noRepeatNgramSize,
                seed);
    }

    public Sampling typicalP(double p) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                p,
                repetitionPenalty,
                frequencyPenalty,
                presencePenalty,
                noRepeatNgramSize,
                seed);
    }

    /** With OpenAI's two and Hugging Face's one. */
    public Sampling penalties(double repetition, double frequency, double presence) {
        return new Sampling(
                temperature, topK, topP, minP, typicalP, repetition, frequency, presence, noRepeatNgramSize, seed);
    }

    public Sampling noRepeatNgramSize(int size) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                typicalP,
                repetitionPenalty,
                frequencyPenalty,
                presencePenalty,
                size,
                seed);
    }

    /** Whether the largest is taken, and nothing drawn. */
    public boolean isGreedy() {
        return temperature == 0;
    }
}
