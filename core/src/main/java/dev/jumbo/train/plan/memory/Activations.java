package dev.jumbo.train.plan.memory;

import dev.jumbo.nn.work.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pass over a batch leaves in memory.
 *
 * <p>Results belong to the scope of the step and live to its end. What autograd alone holds is freed as the backward pass
 * goes from the last operation to the first, while the gradients of an operation's result and input are alive at once.
 *
 * @param kept bytes at the end of the forward pass
 * @param workspace bytes on top of that at the fullest moment of the backward pass
 */
public record Activations(double kept, double workspace) {
    private static final Pattern FIRST_NUMBER = Pattern.compile("(^|\\.)(\\d+|\\w*_\\d+)(?=\\.|$)");

    private static final int FLOAT = Float.BYTES;

    /**
     * @param operations of one example, in order
     * @param width bytes of a value in the type of the computation
     * @param around bytes of the batch itself and of the loss
     */
    public static Activations of(List<Operation> operations, double examples, int width, double around) {
        double scope = around;
        double saved = 0;
        for (Operation operation : operations) {
            scope += examples * operation.kept().scopeBytes(width);
            saved += examples * operation.kept().savedBytes(width);
        }
        double kept = scope + saved;
        double peak = kept;
        for (int i = operations.size() - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            boolean first = i == 0;
            double gradients = examples * width * (operation.outputs() + (first ? 0 : operation.inputs()));
            double layer = (double) FLOAT * operation.parameters();
            peak = Math.max(peak, scope + saved + gradients + layer);
            saved -= examples * operation.kept().savedBytes(width);
        }
        return new Activations(kept, peak - kept);
    }

    /** Operations in the layers of the model: those whose paths begin alike. */
    public static List<List<Operation>> layers(List<Operation> operations) {
        List<List<Operation>> layers = new ArrayList<>();
        String last = "";
        for (Operation operation : operations) {
            String name = topLevel(operation.path());
            if (layers.isEmpty() || !name.equals(last)) {
                layers.add(new ArrayList<>());
            }
            layers.get(layers.size() - 1).add(operation);
            last = name;
        }
        return layers;
    }

    /** {@code layers.3} of {@code layers.3.self_attn}, {@code encoder.layers.3} of what is in it: up to the first number, or two names. */
    public static String topLevel(String path) {
        Matcher block = FIRST_NUMBER.matcher(path);
        if (block.find()) {
            return path.substring(0, block.end());
        }
        int first = path.indexOf('.');
        int second = first < 0 ? -1 : path.indexOf('.', first + 1);
        return second < 0 ? path : path.substring(0, second);
    }
}
