package dev.jumbo.nn.generate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A causal network that may be shown a sequence, which it passes at once: an answer that goes along it takes its logits from there, and where it
 * leaves it, or was never on it, they are computed token by token. So a whole conversation is asked for each of its answers at the cost of one
 * pass, as long as what is generated is what stands there. Logits of one pass and of several differ by rounding alone; of a model whose rotary
 * positions depend on how long a sequence is (dynamic, longrope) they differ by more, and all are computed token by token.
 */
public final class ForeseenNetwork implements TokenNetwork {
    private final CausalNetwork network;
    private final boolean foresees;
    private int[] seen = {};
    private int from;
    private float[][] logits = {};

    /** @param network closed with this */
    public ForeseenNetwork(CausalNetwork network) {
        this.network = network;
        foresees = !network.dependsOnLength();
    }

    /**
     * Shows a sequence, in the place of an earlier one.
     *
     * @param tokens as {@link #start}
     * @param first the first token behind which logits are wanted, from 0; they are kept for that one and all behind it
     */
    public void show(int[] tokens, int first) {
        forget();
        int[] shown = network.start(tokens);
        if (!foresees) {
            return;
        }
        logits = network.logits(shown, first);
        seen = tokens.clone();
        from = first;
    }

    /** Forgets what was shown. */
    public void forget() {
        seen = new int[0];
        logits = new float[0][];
    }

    @Override
    public int vocabulary() {
        return network.vocabulary();
    }

    @Override
    public int context() {
        return network.context();
    }

    @Override
    public int[] start(int[] prompt) {
        return network.start(prompt);
    }

    @Override
    public Session open(int[] prompt) {
        return seen.length == 0 ? network.open(prompt) : new Along(prompt);
    }

    @Override
    public void close() {
        network.close();
    }

    /** As long as there is no session of the network, one sequence, all of whose tokens were shown. */
    private final class Along implements Session {
        private final int[] prompt;
        private int[] tokens = {};
        private @Nullable Session computed;

        Along(int[] prompt) {
            this.prompt = prompt;
        }

        @Override
        public float[][] next(int[][] next) {
            if (computed != null) {
                return computed.next(next);
            }
            int length = tokens.length;
            int[] longer = Arrays.copyOf(tokens, length + next[0].length);
            System.arraycopy(next[0], 0, longer, length, next[0].length);
            int last = longer.length - 1;
            if (last >= from && last < seen.length && Arrays.equals(longer, 0, longer.length, seen, 0, longer.length)) {
                tokens = longer;
                return new float[][] {logits[last - from].clone()};
            }
            computed = network.open(prompt);
            return computed.next(new int[][] {longer});
        }

        @Override
        public void select(int[] rows) {
            if (computed == null) {
                computed = network.open(prompt);
                computed.next(new int[][] {tokens});
            }
            computed.select(rows);
        }

        @Override
        public long length() {
            return computed == null ? tokens.length : computed.length();
        }

        @Override
        public void close() {
            if (computed != null) {
                computed.close();
            }
        }
    }
}
