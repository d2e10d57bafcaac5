package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.Beams;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.nn.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@link GenerationConfig}. */
final class SamplingOptions {
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "The most tokens of an answer; ${DEFAULT-VALUE} if not given.")
    private int maxNewTokens = 256;

    @Option(names = "--min-new-tokens", paramLabel = "N", description = "The least tokens before one ends the answer.")
    private int minNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Logits are divided by it; 0 takes the most probable token. ${DEFAULT-VALUE} if not given.")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Draw from the K most probable tokens.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw from the most probable tokens that have P together.")
    private double topP = 1;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Draw none that is less probable than P times the first.")
    private double minP;

    @Option(names = "--typical-p", paramLabel = "P", description = "Draw from the tokens nearest to the entropy.")
    private double typicalP = 1;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            description = "Above 1: tokens that were there are less probable.")
    private double repetitionPenalty = 1;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "F",
            description = "Taken off for each time that the answer has a token.")
    private double frequencyPenalty;

    @Option(
            names = "--presence-penalty",
            paramLabel = "P",
            description = "Taken off once where the answer has a token.")
    private double presencePenalty;

    @Option(names = "--no-repeat-ngram-size", paramLabel = "N", description = "No N tokens in a row come again.")
    private int noRepeatNgramSize;

    @Option(names = "--num-beams", paramLabel = "N", description = "Beam search with N beams.")
    private int numBeams = 1;

    @Option(names = "--length-penalty", paramLabel = "L", description = "Of beam search: above 0 favours long answers.")
    private double lengthPenalty = 1;

    @Option(
            names = "--early-stopping",
            description = "Of beam search: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private Beams.EarlyStopping earlyStopping = Beams.EarlyStopping.FALSE;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "A text that ends the answer; may be given several times.")
    private List<String> stop = List.of();

    @Option(
            names = "--eos-token-id",
            paramLabel = "ID",
            split = ",",
            description = "Tokens that end an answer, in the place of the tokenizer's.")
    private @Nullable List<Integer> eosTokenIds;

    @Option(names = "--seed", paramLabel = "N", description = "Of what is drawn; ${DEFAULT-VALUE} if not given.")
    private long seed;

    @Option(names = "--num-return-sequences", paramLabel = "N", description = "Answers for each prompt.")
    private int numReturnSequences = 1;

    @Option(
            names = "--logprobs",
            paramLabel = "N",
            description = "With --json: log-probabilities of each token and of the N most probable ones.")
    private @Nullable Integer logprobs;

    @Option(
            names = "--at-context-end",
            description = "Where the context is full: ${COMPLETION-CANDIDATES} (roll forgets its older half).")
    private GenerationConfig.AtContextEnd atContextEnd = GenerationConfig.AtContextEnd.STOP;

    /** What was asked for. @param more texts that end an answer as well */
    GenerationConfig config(List<String> more) {
        if (numBeams < 1) {
            throw new InputException("--num-beams: expected 1 or more, received " + numBeams);
        }
        boolean ofBeams = lengthPenalty != 1 || earlyStopping != Beams.EarlyStopping.FALSE;
        if (numBeams == 1 && ofBeams) {
            throw new InputException(
                    "--length-penalty and --early-stopping are of beam search: give --num-beams above 1");
        }
        Sampling sampling = new Sampling(
                temperature,
                topK,
                topP,
                minP,
                typicalP,
                repetitionPenalty,
                frequencyPenalty,
                presencePenalty,
                noRepeatNgramSize,
                seed);
        requireDrawn();
        List<String> stops = new ArrayList<>(stop);
        stops.addAll(more);
        return new GenerationConfig(
                maxNewTokens,
                minNewTokens,
                sampling,
                numBeams == 1 ? null : new Beams(numBeams, lengthPenalty, earlyStopping),
                eosTokenIds,
                stops,
                numReturnSequences,
                logprobs,
                atContextEnd);
    }

    /** Filters of draws do nothing where nothing is drawn, which is surely not what was meant. */
    private void requireDrawn() {
        if (temperature == 0 && (topK != 0 || topP != 1 || minP != 0 || typicalP != 1)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "expected a --temperature above 0 beside --top-k, --top-p, --min-p and --typical-p, which filter what"
                            + " is drawn, received %s; give --temperature 1, or leave them out",
                    temperature));
        }
    }
}
