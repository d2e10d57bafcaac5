package dev.jumbo.nn.generate;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Answers of a network in tokens. Each prompt is computed by itself: an answer has the same bits whatever others are asked for, in whatever
 * order. One thread at a time.
 *
 * @param network stays the caller's
 */
public record Generator(TokenNetwork network) {
    /** The answer to one prompt; of several that the configuration asks for, the first. */
    public Generated generate(int[] prompt, GenerationConfig config) {
        return generateAll(prompt, config).get(0);
    }

    /**
     * The answers to one prompt, as many as {@link GenerationConfig#numReturnSequences}; those of beam search, the best first.
     *
     * @throws InputException if the prompt is empty, longer than the context, or has ids outside the vocabulary
     */
    public List<Generated> generateAll(int[] prompt, GenerationConfig config) {
        requireIds(config);
        if (config.beams() != null) {
            return new BeamSearch(network, prompt, config, config.beams()).run();
        }
        List<Generated> answers = new ArrayList<>();
        for (int i = 0; i < config.numReturnSequences(); i++) {
            try (Decoding decoding = new Decoding(network, prompt, config, i)) {
                List<GeneratedToken> tokens = new ArrayList<>();
                decoding.forEachRemaining(tokens::add);
                answers.add(new Generated(tokens, Objects.requireNonNull(decoding.finish()), Double.NaN));
            }
        }
        return answers;
    }

    /** The answers to several prompts, in their order. */
    public List<List<Generated>> generateBatch(List<int[]> prompts, GenerationConfig config) {
        // Checked before the first one is computed.
        prompts.forEach(network::start);
        return prompts.stream().map(prompt -> generateAll(prompt, config)).toList();
    }

    /**
     * One answer, token by token.
     *
     * @throws InputException as {@link #generateAll}, and for a beam search, whose answer is known at its end alone
     */
    public Decoding decode(int[] prompt, GenerationConfig config) {
        return decode(prompt, config, 0);
    }

    /** As {@link #decode(int[], GenerationConfig)}. @param index which of several answers to the prompt, from 0 */
    public Decoding decode(int[] prompt, GenerationConfig config, int index) {
        if (config.beams() != null) {
            throw new InputException(
                    "expected no beams for tokens one by one, as the answer of a beam search is known at"
                            + " its end alone; leave beams out, or ask for the whole answer");
        }
        return new Decoding(network, prompt, config, index);
    }

    private static void requireIds(GenerationConfig config) {
        if (!config.stop().isEmpty()) {
            throw new InputException("stop: expected a tokenizer for texts that end an answer; give tokens by"
                    + " eos_token_ids, or ask a language model with its tokenizer");
        }
    }
}
