package dev.jumbo.nn.generate;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a {@link Generator}, under the names of Hugging Face's {@code generation_config.json}.
 *
 * @param maxNewTokens the most tokens of an answer
 * @param minNewTokens before which no token ends it
 * @param sampling how each token is chosen
 * @param beams beam search in its place, or null
 * @param eosTokenIds tokens each of which ends an answer; null for those of the tokenizer
 * @param stop texts that end an answer and are no part of it; for who has a tokenizer
 * @param numReturnSequences answers for each prompt: with other random numbers, or the best of beam search
 * @param logprobs so many of the most probable tokens are told with each one, with their log-probabilities under the model (before penalties
 *     and filters); null for none, 0 for that of the token itself
 * @param atContextEnd what happens where the context is full
 */
@Doc("How an answer is generated.")
public record GenerationConfig(
        @Doc("The most tokens of an answer.") @Default("256")
        int maxNewTokens,

        @Doc("The least tokens of an answer before one ends it.") @Default("0")
        int minNewTokens,

        @Doc("How the next token is chosen.") @Default("{}") Sampling sampling,
        @Doc("Beam search.") @Default("null") @Nullable Beams beams,

        @Doc("Tokens that end an answer; the tokenizer's end of a document if null.") @Default("null") @Nullable
        List<Integer> eosTokenIds,

        @Doc("Texts that end an answer.") @Default("[]") List<String> stop,

        @Doc("Answers for each prompt.") @Default("1") int numReturnSequences,

        @Doc("So many of the most probable tokens are told with each one.") @Default("null") @Nullable
        Integer logprobs,

        @Doc("stop: an answer ends where the context is full; roll: the older half of it is forgotten.")
        @Default("stop")
        AtContextEnd atContextEnd) {
    /** What happens where the context is full. */
    public enum AtContextEnd {
        /** The answer ends. */
        STOP,
        /** The older half of the context is forgotten, the newer half is passed again, and it goes on. */
        ROLL
    }

    public GenerationConfig {
        stop = List.copyOf(stop);
        eosTokenIds = eosTokenIds == null ? null : List.copyOf(eosTokenIds);
        if (maxNewTokens < 1 || minNewTokens < 0 || minNewTokens > maxNewTokens) {
            throw new InputException(
                    "expected max_new_tokens of 1 or more and min_new_tokens from 0 to as many, received "
                            + maxNewTokens + " and " + minNewTokens);
        }
        if (numReturnSequences < 1 || (beams != null && numReturnSequences > beams.numBeams())) {
            throw new InputException("num_return_sequences: expected 1 or more, and at most as many as beams, received "
                    + numReturnSequences);
        }
        if (logprobs != null && logprobs < 0) {
            throw new InputException("logprobs: expected 0 or more, received " + logprobs);
        }
        if (eosTokenIds != null && eosTokenIds.stream().anyMatch(id -> id < 0)) {
            throw new InputException(
                    "eos_token_ids: expected tokens of 0 or more, received " + eosTokenIds + "; [] is none");
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new InputException("stop: expected texts of one character or more, received an empty one");
        }
        if (beams != null && (!sampling.isGreedy() || logprobs != null || atContextEnd == AtContextEnd.ROLL)) {
            throw new InputException("beams: expected no temperature, no logprobs and at_context_end: stop beside beam"
                    + " search, which draws nothing; leave beams or these out");
        }
        if (beams == null && sampling.isGreedy() && numReturnSequences > 1) {
            throw new InputException(
                    "num_return_sequences: expected a temperature above 0 or beams for several answers,"
                            + " as the most probable one is always the same; received " + numReturnSequences);
        }
    }

    /** The most probable tokens, up to so many. */
    public static GenerationConfig greedy(int maxNewTokens) {
        return of(maxNewTokens, Sampling.greedy());
    }

    public static GenerationConfig of(int maxNewTokens, Sampling sampling) {
        return new GenerationConfig(maxNewTokens, 0, sampling, null, null, List.of(), 1, null, AtContextEnd.STOP);
    }

    /** The best answer of a beam search. */
    public static GenerationConfig of(int maxNewTokens, Beams beams) {
        return new GenerationConfig(
                maxNewTokens, 0, Sampling.greedy(), beams, null, List.of(), 1, null, AtContextEnd.STOP);
    }

    public GenerationConfig eos(int... ids) {
        return eos(IntStream.of(ids).boxed().toList());
    }

    public GenerationConfig eos(List<Integer> ids) {
        return new GenerationConfig(
                maxNewTokens, minNewTokens, sampling, beams, ids, stop, numReturnSequences, logprobs, atContextEnd);
    }

    public GenerationConfig stop(List<String> texts) {
        return new GenerationConfig(
                maxNewTokens,
                minNewTokens,
                sampling,
                beams,
                eosTokenIds,
                texts,
                numReturnSequences,
                logprobs,
                atContextEnd);
    }

    public GenerationConfig minNewTokens(int least) {
        return new GenerationConfig(
                maxNewTokens, least, sampling, beams, eosTokenIds, stop, numReturnSequences, logprobs, atContextEnd);
    }

    public GenerationConfig numReturnSequences(int count) {
        return new GenerationConfig(
                maxNewTokens, minNewTokens, sampling, beams, eosTokenIds, stop, count, logprobs, atContextEnd);
    }

    public GenerationConfig logprobs(@Nullable Integer most) {
        return new GenerationConfig(
                maxNewTokens, minNewTokens, sampling, beams, eosTokenIds, stop, numReturnSequences, most, atContextEnd);
    }

    public GenerationConfig atContextEnd(AtContextEnd what) {
        return new GenerationConfig(
                maxNewTokens, minNewTokens, sampling, beams, eosTokenIds, stop, numReturnSequences, logprobs, what);
    }

    /** Those that end an answer; none where the tokenizer's were not put in. */
    List<Integer> ends() {
        return eosTokenIds == null ? List.of() : eosTokenIds;
    }
}
