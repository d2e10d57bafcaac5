package dev.jumbo.train.plan.work;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Dense;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.plan.work.Operation.Kept;
import dev.jumbo.train.plan.work.Operation.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What layers over sequences run and keep. */
public final class SequenceRules {
    private static final int FLOAT = Float.BYTES;

    /** Values for each unit and step that oneDNN's LSTM keeps for the way back, by the size of the block it asks for. */
    private static final int LSTM_WORKSPACE = 21;

    private final boolean bf16;
    private final boolean gpu;

    public SequenceRules(boolean bf16, boolean gpu) {
        this.bf16 = bf16;
        this.gpu = gpu;
    }

    Optional<List<Operation>> of(String path, Layer layer, Shape input) {
        if (layer instanceof TransformerBlock block) {
            return Optional.of(block(path, block, input));
        }
        if (layer instanceof MultiHeadAttention attention) {
            return Optional.of(attention(path, attention, input));
        }
        if (layer instanceof LayerNorm) {
            return Optional.of(List.of(layerNorm(path, input).withFlops(layer.flops(input))));
        }
        if (layer instanceof RmsNorm) {
            return Optional.of(List.of(rmsNorm(path, input).withFlops(layer.flops(input))));
        }
        if (layer instanceof Lstm lstm) {
            return Optional.of(
                    recurrent(path, "lstm", layer, input, lstm.units(), lstm.layers(), lstm.bidirectional()));
        }
        if (layer instanceof Gru gru) {
            return Optional.of(recurrent(path, "gru", layer, input, gru.units(), gru.layers(), gru.bidirectional()));
        }
        return Optional.empty();
    }

    private static Operation layerNorm(String path, Shape input) {
        long values = input.elements();
        long rows = values / input.size(-1);
        return Operation.pass(
                path, "layer_norm", values, values, Kept.values(values).andSaved(0, 2 * rows * FLOAT));
    }

    /** In fp32 whatever the input's type: the normalised values, then those times the weight. */
    private Operation rmsNorm(String path, Shape input) {
        long values = input.elements();
        Kept kept = bf16
                ? new Kept(values, 2L * FLOAT * values, 0, (long) FLOAT * values)
                : Kept.values(values).andSaved(values, 0);
        return Operation.pass(path, "rms_norm", values, values, kept);
    }

    private List<Operation> block(String path, TransformerBlock block, Shape input) {
        long values = input.elements();
        Dense up = Dense.of(block.units(), block.activation());
        Dense down = Dense.of((int) input.size(-1), Activation.LINEAR);
        MultiHeadAttention attention = new MultiHeadAttention(block.heads(), block.causal(), block.dropout(), true);
        List<Operation> operations = new ArrayList<>();
        operations.add(layerNorm(path + ".norm1", input));
        operations.addAll(attention(path + ".self_attn", attention, input));
        drop(path, block.dropout(), values, operations);
        operations.add(Operation.pass(path, "add", values, values, Kept.values(values)));
        operations.add(layerNorm(path + ".norm2", input));
        operations.addAll(LayerRules.dense(path + ".linear1", up, input));
        drop(path, block.dropout(), up.outputShape(input).elements(), operations);
        operations.addAll(LayerRules.dense(path + ".linear2", down, up.outputShape(input)));
        drop(path, block.dropout(), values, operations);
        operations.add(Operation.pass(path, "add", values, values, Kept.values(values)));
        return operations;
    }

    private static void drop(String path, double rate, long values, List<Operation> into) {
        if (rate > 0) {
            into.add(Operation.pass(
                    path, "dropout", values, values, Kept.values(values).andSaved(values, 0)));
        }
    }

    /** In projection, softmax(q k^T) v, out projection. */
    private List<Operation> attention(String path, MultiHeadAttention layer, Shape input) {
        long steps = input.size(0);
        long d = input.size(1);
        long values = input.elements();
        Operation in = Operation.product(path, "dense", values, new Size(steps, d, 3 * d));
        Operation out = Operation.product(path, "dense", values, new Size(steps, d, d));
        return List.of(in, core(path + ".core", layer.heads(), layer.dropout(), steps, d), out);
    }

    /**
     * The flash kernel (Dao et al., 2022) keeps its result and a number for each row; dropout, and bf16 on a CPU, take
     * the form that is written out, with T by T scores for each head.
     */
    public Operation core(String path, long heads, double dropout, long steps, long d) {
        long scores = heads * steps * steps;
        long values = steps * d;
        boolean writtenOut = dropout > 0 || (bf16 && !gpu);
        long dropped = dropout > 0 ? 2 * scores : 0;
        Kept kept = writtenOut
                // Copies of q, k and v, the scores, the softmax, the product and its copy in the order of rows.
                ? Kept.values(5 * values + 2 * scores).andSaved(dropped, 0)
                : Kept.values(values).andSaved(0, heads * steps * FLOAT);
        Size size = new Size(heads * steps, d / heads, steps);
        return new Operation(path, "attention", size, 4.0 * steps * steps * d, 0, 0, 3 * values, values, kept);
    }

    /** Step after step over the sequence: the rows of a product are the examples alone. */
    private List<Operation> recurrent(
            String path, String kind, Layer layer, Shape input, long units, int layers, boolean both) {
        long steps = input.size(0);
        long width = units * (both ? 2 : 1);
        long gates = kind.equals("lstm") ? 4 : 3;
        Size size = new Size(steps, units, gates * units);
        // For each step autograd keeps the gates, both products they are sums of, and the states.
        boolean fused = kind.equals("lstm") && !gpu;
        long inside = steps * layers * width * (fused ? LSTM_WORKSPACE : gates + 2);
        Kept kept = Kept.values(steps * width).andSaved(inside, 0);
        return List.of(
                new Operation(path, kind, size, layer.flops(input), 0, 0, input.elements(), steps * width, kept));
    }
}
