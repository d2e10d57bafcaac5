package dev.jumbo.nn;

import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;

/** What the engine runs and keeps for a described model, with parameters, in order, for one example: each layer's own {@link Layer#work}. */
public final class Cost {
    private Cost() {}

    /** @throws dev.jumbo.tensor.ShapeException if the layers do not fit each other or the inputs */
    public static List<Operation> of(Layer model, Specs in, Compute how) {
        model.outputs(in);
        return of(new Layer.Part("", model, in), how);
    }

    /** Of a container's part, under its path. Parameters that are not those of parts inside count at its first operation. */
    public static List<Operation> of(Layer.Part part, Compute how) {
        List<Operation> operations = new ArrayList<>();
        part.layer().work(part.inputs(), how).forEach(op -> operations.add(op.within(part.path())));
        long[] own = slots(part);
        part.layer().parts(part.inputs()).forEach(inside -> {
            long[] theirs = slots(inside);
            own[0] -= theirs[0];
            own[1] -= theirs[1];
        });
        if (own[0] > 0 || own[1] > 0) {
            if (operations.isEmpty()) {
                throw new IllegalStateException("a layer with parameters computes nothing: " + part.path());
            }
            Operation first = operations.get(0);
            operations.set(0, first.withParameters(first.parameters() + own[0], first.buffers() + own[1]));
        }
        return operations;
    }

    /** Of all parts, in order. */
    public static List<Operation> of(List<Layer.Part> parts, Compute how) {
        List<Operation> operations = new ArrayList<>();
        parts.forEach(part -> operations.addAll(of(part, how)));
        return operations;
    }

    /** Values that training changes, and others. */
    private static long[] slots(Layer.Part part) {
        Parameters slots = Parameters.ofPart();
        part.layer().build(part.inputs(), slots);
        long trained = slots.count();
        long all = slots.all().stream().mapToLong(p -> p.shape().elements()).sum();
        return new long[] {trained, all - trained};
    }
}
