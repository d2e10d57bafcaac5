package dev.jumbo.train.plan.step;

import dev.jumbo.data.Field;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.blocks.DescribedBlock;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.plan.cost.Costs;
import dev.jumbo.train.plan.work.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations of a workload, the loss behind them, and what they take.
 *
 * @param operations of one example, in order, without the loss
 * @param loss what is computed on the outputs
 * @param saved bytes of what each operation has that is not trained: buffers in fp32, frozen parameters in their type
 */
public record Passes(
        Workload workload, Costs costs, List<Operation> operations, Operation loss, Map<Operation, Double> saved) {
    private static final int FLOAT = Float.BYTES;

    public static Passes of(Workload workload, Costs costs) {
        Map<Operation, Double> saved = new HashMap<>();
        List<Operation> operations = withFrozen(
                Cost.of(workload.model(), workload.specs(), new Compute(workload.isLowPrecision(), costs.isGpu())),
                workload,
                saved);
        long outputs = Model.outputs(workload.model(), workload.specs()).shapes().stream()
                .mapToLong(Shape::elements)
                .sum();
        // Log-probabilities for the backward pass, and the outputs in fp32 where they were computed in bf16.
        Operation.Kept kept =
                new Operation.Kept(0, workload.isLowPrecision() ? FLOAT * outputs : 0, 0, FLOAT * outputs);
        Operation loss = Operation.pass("loss", "loss", outputs, outputs, kept);
        return new Passes(workload, costs, operations, loss, saved);
    }

    /** Frozen parameters take no gradient and no state, so they count as what is saved and not trained. @param saved receives their bytes */
    private static List<Operation> withFrozen(
            List<Operation> operations, Workload workload, Map<Operation, Double> saved) {
        ParameterGroups groups = workload.config().groups();
        if (groups.groups().isEmpty()) {
            return operations;
        }
        List<Operation> left = new ArrayList<>(operations);
        double[] bytes = new double[left.size()];
        Arrays.setAll(bytes, i -> (double) FLOAT * left.get(i).buffers());
        for (Parameter parameter :
                FlatOrder.of(workload.model(), workload.specs(), groups).frozen()) {
            int holder = -1;
            for (int i = 0; i < left.size(); i++) {
                String path = left.get(i).path();
                boolean above = path.isEmpty() || parameter.name().startsWith(path + ".");
                if (left.get(i).parameters() > 0
                        && above
                        && (holder < 0
                                || path.length() > left.get(holder).path().length())) {
                    holder = i;
                }
            }
            if (holder >= 0) {
                Operation operation = left.get(holder);
                long values = Math.min(operation.parameters(), parameter.shape().elements());
                bytes[holder] += FlatOrder.bytes(parameter);
                left.set(
                        holder,
                        operation.withParameters(operation.parameters() - values, operation.buffers() + values));
            }
        }
        for (int i = 0; i < bytes.length; i++) {
            saved.put(left.get(i), bytes[i]);
        }
        return left;
    }

    /** Bytes of what some operations have that is not trained. */
    public double savedBytes(List<Operation> part) {
        if (saved.isEmpty()) {
            return FLOAT * part.stream().mapToDouble(Operation::buffers).sum();
        }
        return part.stream()
                .mapToDouble(o -> saved.getOrDefault(o, (double) FLOAT * o.buffers()))
                .sum();
    }

    public long parameters() {
        return parameters(operations);
    }

    public static long parameters(List<Operation> operations) {
        return operations.stream().mapToLong(Operation::parameters).sum();
    }

    public long buffers() {
        return operations.stream().mapToLong(Operation::buffers).sum();
    }

    public double forwardFlops() {
        return operations.stream().mapToDouble(Operation::flops).sum();
    }

    /** A product's backward pass is two products; that of the first layer with parameters is one: its input needs no gradient. */
    public double trainingFlops() {
        double flops = 0;
        int first = firstTrained(operations);
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            double backward = i < first ? 0 : i > first && operation.isProduct() ? 2 : 1;
            flops += (1 + backward) * operation.flops();
        }
        return flops;
    }

    /** Forward pass over a batch. */
    public double forward(List<Operation> part, double examples) {
        return part.stream().mapToDouble(o -> costs.forward(o, examples)).sum();
    }

    /** Backward pass over a batch. @param first whether the part begins with the model's inputs */
    public double backward(List<Operation> part, double examples, boolean first) {
        return Arrays.stream(backwardOfEach(part, examples, first)).sum();
    }

    double[] backwardOfEach(List<Operation> part, double examples, boolean first) {
        double[] seconds = new double[part.size()];
        int from = first ? firstTrained(part) : -1;
        for (int i = Math.max(0, from); i < part.size(); i++) {
            seconds[i] = costs.backward(part.get(i), examples, i > from);
        }
        return seconds;
    }

    private static int firstTrained(List<Operation> part) {
        for (int i = 0; i < part.size(); i++) {
            if (part.get(i).parameters() > 0) {
                return i;
            }
        }
        return 0;
    }

    List<Operation> withLoss() {
        List<Operation> all = new ArrayList<>(operations);
        all.add(loss);
        return all;
    }

    /** The blocks in which the model is trained. @param gated whether parameters come to each block */
    List<DescribedBlock> blocks(boolean recompute, boolean gated) {
        return gated
                ? DescribedBlock.gated(
                        workload.model(), workload.specs(), workload.config().groups(), recompute)
                : DescribedBlock.recomputed(workload.model(), workload.specs());
    }

    /** Bytes of a batch's inputs and targets in native memory, with the copies in the form of the computation. */
    double batchBytes(double examples) {
        double bytes = 0;
        for (Field field : workload.inputs()) {
            boolean floats = field.dtype() != DType.INT64;
            boolean image = field.shape().rank() == 3 && field.shape().size(0) > 1;
            double copies =
                    floats ? (workload.isLowPrecision() ? workload.width() : 0) + (image ? workload.width() : 0) : 0;
            bytes += field.elements() * ((floats ? FLOAT : Long.BYTES) + copies);
        }
        for (Field field : workload.targets()) {
            bytes += (double) field.elements() * (field.dtype() != DType.INT64 ? FLOAT : Long.BYTES);
        }
        return examples * bytes;
    }
}
