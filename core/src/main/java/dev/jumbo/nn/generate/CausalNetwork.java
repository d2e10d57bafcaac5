package dev.jumbo.nn.generate;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Autograd;
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

    private final class Steps implements Session {
        private final Cache cache = new Cache();

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
            int rows = tokens.length;
            int steps = to - from;
            long[] ids = new long[rows * steps];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < steps; i++) {
                    ids[row * steps + i] = tokens[row][from + i];
                }
            }
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                Tensor logits =
                        model.forward(Tensor.of(ids, Shape.of(rows, steps)).to(model.device()), pass.with(cache));
                if (!wanted) {
                    return new float[0][];
                }
                float[] all = logits.select(1, logits.size(1) - 1).contiguous().toFloats();
                float[][] each = new float[rows][];
                for (int row = 0; row < rows; row++) {
                    each[row] = Arrays.copyOfRange(all, row * vocabulary, (row + 1) * vocabulary);
                }
                return each;
            }
        }

        @Override
        public void select(int[] rows) {
            cache.select(rows);
        }

        @Override
        public long length() {
            return cache.length();
        }

        @Override
        public void close() {
            cache.close();
        }
    }
}
