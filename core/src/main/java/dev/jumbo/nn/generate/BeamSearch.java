package dev.jumbo.nn.generate;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Follows several answers at the same time. Of all that one more token makes of them, the best {@code max(2, 1 + ends) * num_beams} are looked
 * at: those among the best num_beams that have ended are answers, the best num_beams that have not go on.
 */
final class BeamSearch {
    /** As in the library that this is compared with: the score of what does not count. */
    private static final double NONE = -1e9;

    private final TokenNetwork network;
    private final int[] prompt;
    private final GenerationConfig config;
    private final Beams beams;
    private final int start;
    private final int longest;

    /** An answer that is followed. */
    private record Beam(TokenList tokens, double logprob) {}

    /** A beam with one more token. */
    private record Candidate(int beam, int token, double logprob) {}

    /** An answer that has ended. */
    private record Ended(TokenList tokens, double score, boolean atEnd) {}

    BeamSearch(TokenNetwork network, int[] prompt, GenerationConfig config, Beams beams) {
        this.network = network;
        this.prompt = prompt;
        this.config = config;
        this.beams = beams;
        start = network.start(prompt).length;
        longest = (int) Math.min((long) start + config.maxNewTokens(), network.context());
    }

    List<Generated> run() {
        if (longest == start) {
            return List.of(new Generated(List.of(), Finish.CONTEXT, Double.NaN));
        }
        try (TokenNetwork.Session session = network.open(prompt)) {
            return run(session);
        }
    }

    private List<Generated> run(TokenNetwork.Session session) {
        int width = beams.numBeams();
        int[] first = network.start(prompt);
        List<Beam> running = List.of(new Beam(new TokenList(first), 0));
        List<Ended> ended = new ArrayList<>();
        int[][] next = {first};
        for (int length = start; ; ) {
            List<Candidate> best = best(session.next(next), running);
            if (best.isEmpty()) {
                throw new InputException("expected a token that may be chosen, but the rules (no_repeat_ngram_size,"
                        + " min_new_tokens) leave none; loosen them");
            }
            List<Candidate> on = new ArrayList<>();
            length++;
            boolean full = length >= longest;
            boolean closed = isFull(ended) && beams.earlyStopping() == Beams.EarlyStopping.TRUE;
            for (int i = 0; i < best.size(); i++) {
                Candidate candidate = best.get(i);
                boolean atEnd = config.ends().contains(candidate.token());
                if (!atEnd && !full) {
                    on.add(candidate);
                } else if (i < width && !closed) {
                    TokenList tokens = running.get(candidate.beam()).tokens().with(candidate.token());
                    double score = candidate.logprob() / Math.pow(length - start, beams.lengthPenalty());
                    add(ended, new Ended(tokens, score, atEnd));
                }
            }
            if (full || on.isEmpty()) {
                break;
            }
            List<Candidate> kept = on.subList(0, Math.min(width, on.size()));
            if (isDone(ended, kept.get(0).logprob(), length)) {
                break;
            }
            List<Beam> before = running;
            running = kept.stream()
                    .map(c -> new Beam(before.get(c.beam()).tokens().with(c.token()), c.logprob()))
                    .toList();
            session.select(kept.stream().mapToInt(Candidate::beam).toArray());
            next = kept.stream().map(c -> new int[] {c.token()}).toArray(int[][]::new);
        }
        return ended.stream()
                .limit(config.numReturnSequences())
                .map(this::answer)
                .toList();
    }

    private boolean isFull(List<Ended> ended) {
        return ended.size() == beams.numBeams();
    }

    private void add(List<Ended> ended, Ended one) {
        ended.add(one);
        ended.sort(Comparator.comparingDouble(Ended::score).reversed());
        if (ended.size() > beams.numBeams()) {
            ended.remove(ended.size() - 1);
        }
    }

    /** Whether no better answer is to be expected. */
    private boolean isDone(List<Ended> ended, double bestRunning, int length) {
        if (!isFull(ended)) {
            return false;
        }
        if (beams.earlyStopping() == Beams.EarlyStopping.TRUE) {
            return true;
        }
        boolean never = beams.earlyStopping() == Beams.EarlyStopping.NEVER && beams.lengthPenalty() > 0;
        int hypothetical = (never ? longest : length) - start;
        double worst = ended.get(ended.size() - 1).score();
        return bestRunning / Math.pow(hypothetical, beams.lengthPenalty()) <= worst;
    }

    /** The best that one more token makes of the beams, the best first. */
    private List<Candidate> best(float[][] logits, List<Beam> running) {
        int count = Math.max(2, 1 + config.ends().size()) * beams.numBeams();
        Comparator<Candidate> better = Comparator.comparingDouble(Candidate::logprob);
        PriorityQueue<Candidate> heap = new PriorityQueue<>(count + 1, better);
        for (int beam = 0; beam < running.size(); beam++) {
            Beam from = running.get(beam);
            Logits.requireFinite(logits[beam]);
            // Penalties are of log-probabilities here, as in the library.
            float[] logs = floats(Logits.logProbabilities(logits[beam]));
            Logits.penalize(logs, from.tokens(), config);
            for (int token = 0; token < logs.length; token++) {
                double sum = from.logprob() + logs[token];
                if (sum > NONE && (heap.size() < count || sum > worst(heap))) {
                    heap.add(new Candidate(beam, token, sum));
                    if (heap.size() > count) {
                        heap.remove();
                    }
                }
            }
        }
        Candidate[] sorted = heap.toArray(new Candidate[0]);
        Arrays.sort(sorted, better.reversed().thenComparingInt(Candidate::beam).thenComparingInt(Candidate::token));
        return List.of(sorted);
    }

    private static double worst(PriorityQueue<Candidate> heap) {
        Candidate least = heap.peek();
        return least == null ? NONE : least.logprob();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private Generated answer(Ended ended) {
        int[] all = ended.tokens().answer();
        int count = ended.atEnd() ? all.length - 1 : all.length;
        List<GeneratedToken> tokens =
                Arrays.stream(all, 0, count).mapToObj(GeneratedToken::of).toList();
        Finish finish =
                ended.atEnd() ? Finish.STOP : all.length >= config.maxNewTokens() ? Finish.LENGTH : Finish.CONTEXT;
        return new Generated(tokens, finish, ended.score());
    }
}
