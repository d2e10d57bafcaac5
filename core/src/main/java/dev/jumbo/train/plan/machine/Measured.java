package dev.jumbo.train.plan.machine;

import dev.jumbo.nn.work.Operation;
import java.util.Map;

/** Under which kind and by which sizes an operation is measured, and looked up afterwards. */
public final class Measured {
    /** Dense layers with fewer outputs take another way through the engine. */
    private static final int WIDE = 16;

    /** Kinds that are not measured themselves, and the kind that costs about as much. */
    private static final Map<String, String> ALIKE = Map.of(
            "leaky_relu", "relu",
            "elu", "tanh",
            "silu", "sigmoid",
            "gelu_tanh", "gelu",
            "softmax", "sigmoid");

    private Measured() {}

    /** Rows of a batch; the steps of a recurrent layer are one after the other. */
    public static double rows(Operation operation, double examples) {
        boolean recurrent = operation.kind().equals("lstm") || operation.kind().equals("gru");
        return examples * (recurrent ? 1 : operation.size().rows());
    }

    /** What the time is in proportion to: operations of products, values of passes over memory. */
    public static double work(Operation operation, double examples) {
        return examples
                * (operation.isProduct() ? operation.flops() : operation.size().rows());
    }

    /** The kind under which an operation was measured. */
    public static String kind(Operation operation) {
        boolean narrow = operation.kind().equals("dense") && operation.size().outer() < WIDE;
        return narrow ? "dense_narrow" : ALIKE.getOrDefault(operation.kind(), operation.kind());
    }
}
