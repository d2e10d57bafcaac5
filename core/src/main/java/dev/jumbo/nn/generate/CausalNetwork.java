package dev.jumbo.nn.generate;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.Arrays;

/** A model of {@code [T]} ids to {@code [T, vocabulary]} logits of the next one, each step of which sees those before it alone. */
public final class CausalNetwork implements TokenNetwork {
    /** Steps of a prompt that are passed at once: what is inside a layer is made of all of them, which would take gigabytes of a long one. */
    private static final int STEPS = 256;

    private final Model model;
    private final int context;
    private final int vocabulary;
    private final boolean owns;
    private final Pass pass;

    private CausalNetwork(Model model, int context, boolean owns) {
        this.model = model;
        this.context = context;
        this.owns = owns;
        vocabulary = vocabulary(model);
        // Logits of the other steps of a prompt are read by nobody.
        pass = model.layer() instanceof Sequential ? Pass.inference().lastStepAlone() : Pass.inference();
    }

    /** Of a model that is closed with this. @param context the most steps of a sequence */
    public static CausalNetwork of(Model model, int context) {
        return new CausalNetwork(model, context, true);
    }

    /** Of a model that goes on being somebody else's, such as one in training; its longest described input is the context. */
    public static CausalNetwork over(Model model) {
        return new CausalNetwork(model, (int) model.inputs().main().shape().size(0), false);
    }

    /**
     * Whether a model of these inputs and outputs can be one; what else it was described with may say of steps whether they are real and whose they are, as batches
     * of texts do.
     *
     * @param inputs one example of each
     */
    public static boolean fits(Specs inputs, Specs outputs) {
        Spec x = inputs.main();
        Spec y = outputs.main();
        return inputs.names().stream().allMatch(name -> name.equals(inputs.mainName()) || Masks.OF_STEPS.contains(name))
                && x.isIds()
                && x.shape().rank() == 1
                && y.shape().rank() == 2
                && y.dtype().isFloating()
                && y.shape().size(0) == x.shape().size(0);
    }

    private static int vocabulary(Model model) {
        if (!fits(model.inputs(), model.outputs())) {
            throw new InputException("expected a causal language model, from ids [T] to logits [T, vocabulary] of the"
                    + " next one, received a model from " + model.inputs() + " to " + model.outputs());
        }
        return (int) model.outputs().main().shape().size(1);
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int context() {
        return context;
    }

    @Override
    public int[] start(int[] prompt) {
        if (prompt.length == 0) {
            throw new InputException("expected a prompt of one token or more, received none; begin with the tokenizer's"
                    + " mark of a beginning or end");
        }
        for (int id : prompt) {
            if (id < 0 || id >= vocabulary) {
                throw new InputException("expected tokens from 0 to " + (vocabulary - 1)
                        + " in the prompt, as the model has, received " + id
                        + "; the tokenizer is not the one that the model was trained with");
            }
        }
        if (prompt.length > context) {
            throw new InputException("expected a prompt of at most " + context
                    + " tokens, the model's context, received " + prompt.length + "; shorten it");
        }
        return prompt.clone();
    }

    /**
     * How probable the last tokens of a sequence are, each behind all before it. The sequence is computed by itself.
     *
     * @param tokens 2 or more, at most one more than the context
     * @param count of the last ones, from 1 to all but the first
     * @throws InputException for another number, or ids outside the vocabulary
     */
    public TokenScores score(int[] tokens, int count) {
        if (count < 1 || count >= tokens.length || tokens.length > context + 1) {
            throw new InputException("expected 2 to " + (context + 1)
                    + " tokens, the model's context and one, and 1 or more of them to score"
                    + " but the first, received " + tokens.length + " and " + count);
        }
        int[] inputs = start(Arrays.copyOf(tokens, tokens.length - 1));
        start(new int[] {tokens[tokens.length - 1]});
        int first = tokens.length - count;
        double[] logprobs = new double[count];
        boolean[] greedy = new boolean[count];
        try (Steps steps = new Steps()) {
            steps.cache.expect(inputs.length);
            for (int from = 0; from < inputs.length; from += STEPS) {
                int to = Math.min(inputs.length, from + STEPS);
                int scored = Math.max(from, first - 1);
                steps.score(tokens, from, to, scored, logprobs, greedy, first);
            }
        }
        return new TokenScores(logprobs, greedy);
    }

    /**
     * The logits behind tokens of a sequence.
     *
     * @param tokens as {@link #start}
     * @param first the first token behind which they are wanted, from 0
     * @return {@code [tokens.length - first][vocabulary]}, each behind a token from that one on
     */
    public float[][] logits(int[] tokens, int first) {
        float[][] all = new float[tokens.length - first][];
        try (Steps steps = new Steps()) {
            steps.cache.expect(tokens.length);
            for (int at = 0; at < tokens.length; at += STEPS) {
                int to = Math.min(tokens.length, at + STEPS);
                int wanted = Math.max(at, first);
                float[][] part = steps.all(tokens, at, to, wanted);
                System.arraycopy(part, 0, all, wanted - first, part.length);
            }
        }
        return all;
    }

    /** Whether the first steps of a sequence are computed otherwise where it goes on longer, as by some scalings of rotary positions. */
    boolean dependsOnLength() {
        return Parts.all(model.layer(), model.inputs()).stream()
                .anyMatch(part -> part.layer() instanceof GroupedQueryAttention attention
                        && attention.ropeScaling() != null
                        && attention.ropeScaling().dependsOnLength());
    }

    @Override
    public Session open(int[] prompt) {
        return new Steps();
    }

    @Override
    public void close() {
        if (owns) {
            model.close();
        }
    }

    private final class Steps extends CachedSession {
        @Override
        public float[][] next(int[][] tokens) {
            int steps = tokens[0].length;
            float[][] last = new float[0][];
            cache.expect(cache.length() + steps);
            for (int from = 0; from < steps; from += STEPS) {
                int to = Math.min(steps, from + STEPS);
                last = pass(tokens, from, to, to == steps);
            }
            return last;
        }

        private float[][] pass(int[][] tokens, int from, int to, boolean wanted) {
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                Tensor logits = model.forward(ids(tokens, from, to), pass.with(cache));
                return wanted ? last(logits) : new float[0][];
            }
        }

        /** Passes inputs of some steps; those from {@code scored} on are of tokens that are scored. */
        void score(int[] tokens, int from, int to, int scored, double[] logprobs, boolean[] greedy, int first) {
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                Tensor logits = made(tokens, from, to, scored);
                if (scored >= to) {
                    return;
                }
                long[] next = new long[to - scored];
                for (int i = scored; i < to; i++) {
                    next[i - scored] = tokens[i + 1];
                }
                Tensor wanted = logits.select(0, 0)
                        .narrow(0, (long) scored - from, (long) to - scored)
                        .to(DType.FLOAT32);
                Tensor right = Tensor.of(next, Shape.of(next.length)).to(model.device());
                float[] found = Functional.logSoftmax(wanted, 1)
                        .gather(1, right.unsqueeze(1))
                        .squeeze(1)
                        .toFloats();
                long[] largest = wanted.argmax(1).toLongs();
                for (int i = 0; i < next.length; i++) {
                    logprobs[scored + 1 - first + i] = found[i];
                    greedy[scored + 1 - first + i] = largest[i] == next[i];
                }
            }
        }

        private Tensor made(int[] tokens, int from, int to, int wanted) {
            Pass how = wanted >= to ? pass : Pass.inference();
            return model.forward(ids(new int[][] {tokens}, from, to), how.with(cache));
        }

        /** Passes some steps of one sequence. @return logits behind those from {@code wanted} on; none if there are fewer */
        private float[][] all(int[] tokens, int from, int to, int wanted) {
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                Tensor logits = made(tokens, from, to, wanted);
                return wanted >= to
                        ? new float[0][]
                        : rows(logits.select(0, 0).narrow(0, (long) wanted - from, (long) to - wanted));
            }
        }
    }
}
