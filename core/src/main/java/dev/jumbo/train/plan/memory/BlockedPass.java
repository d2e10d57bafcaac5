package dev.jumbo.train.plan.memory;

import dev.jumbo.nn.blocks.DescribedBlock;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Spec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pass over a batch leaves in memory where a model runs in blocks: a block's output stays to the end of the step; what it
 * made on its way stays until its backward pass where it runs once, and is there only while it runs where it runs twice. Its
 * parameters may come before it runs and go behind it.
 */
public final class BlockedPass {
    private static final int FLOAT = Float.BYTES;

    private final double examples;
    private final int width;
    private final Gathered gathered;
    private final List<Run> runs = new ArrayList<>();

    /**
     * Whether values of parameters are put together before each block.
     *
     * @param copies of the block that is fetched while another runs: 2 where the collective makes one of its own, otherwise 1; 0
     *     where each worker has all values
     */
    public record Gathered(int copies) {
        public static final Gathered NOTHING = new Gathered(0);
    }

    /** Operations that follow each other in one block, or in none. */
    private record Run(@Nullable DescribedBlock block, List<Operation> operations) {
        boolean twice() {
            return block != null && block.twice();
        }

        double trained() {
            return block == null ? 0 : block.trained();
        }
    }

    /** @param operations of one example, in order @param width bytes of a value in the type of the computation */
    public BlockedPass(
            List<Operation> operations, List<DescribedBlock> blocks, double examples, int width, Gathered gathered) {
        this.examples = examples;
        this.width = width;
        this.gathered = gathered;
        int at = 0;
        for (Operation operation : operations) {
            // Operations come in the order of the blocks.
            int found = at;
            for (int i = 0; i < blocks.size() && !blocks.get(found).holds(operation.path()); i++) {
                found = (found + 1) % blocks.size();
            }
            DescribedBlock block =
                    !blocks.isEmpty() && blocks.get(found).holds(operation.path()) ? blocks.get(found) : null;
            at = block == null ? at : found;
            if (runs.isEmpty() || runs.get(runs.size() - 1).block() != block) {
                runs.add(new Run(block, new ArrayList<>()));
            }
            runs.get(runs.size() - 1).operations().add(operation);
        }
    }

    /** Without what is put together for blocks, see {@link #gathered}. @param around bytes of the batch itself and of the loss */
    public Activations activations(double around) {
        double scope = around;
        double[] held = new double[runs.size()];
        for (int i = 0; i < held.length; i++) {
            Run run = runs.get(i);
            double results = run.operations().stream()
                    .mapToDouble(o -> examples * o.kept().scopeBytes(width))
                    .sum();
            double saved = run.operations().stream()
                    .mapToDouble(o -> examples * o.kept().savedBytes(width))
                    .sum();
            double out = run.block() == null ? results : examples * bytes(run.block());
            scope += out;
            held[i] = run.twice() ? 0 : Math.max(0, saved + results - out);
        }
        double alive = scope;
        for (double each : held) {
            alive += each;
        }
        double kept = alive;
        double peak = kept;
        for (int i = held.length - 1; i >= 0; i--) {
            peak = Math.max(peak, alive + passing(i));
            alive -= held[i];
        }
        return new Activations(kept, peak - kept);
    }

    /** What is there beside what the forward pass left, while a run is propagated back: gradients of results, and what a run that runs twice makes the second time. */
    private double passing(int index) {
        Run run = runs.get(index);
        double own = 0;
        double most = 0;
        for (Operation operation : run.operations()) {
            own += run.twice()
                    ? examples
                            * (operation.kept().scopeBytes(width)
                                    + operation.kept().savedBytes(width))
                    : 0;
            double gradients = examples * width * (operation.outputs() + (index == 0 ? 0 : operation.inputs()));
            most = Math.max(most, gradients + (double) width * operation.parameters());
        }
        return own + most;
    }

    /** The most that values and gradients of blocks take while one is propagated back, beside what passes. */
    public double gathered() {
        double most = 0;
        for (int i = 0; i < runs.size(); i++) {
            most = Math.max(most, gathered(i));
        }
        return most;
    }

    private double gathered(int index) {
        if (gathered.copies() == 0) {
            return 0;
        }
        Run run = runs.get(index);
        double next = gathered.copies() * width * before(index);
        // Values and gradients while it computes; behind it, values are gone and gradients are summed in fp32.
        double computes = 2.0 * width * run.trained();
        double sums = (width < FLOAT ? width + FLOAT : FLOAT) * run.trained();
        return next + Math.max(computes, sums);
    }

    /** Values of the block that comes next in the backward pass. */
    private double before(int index) {
        for (int i = index - 1; i >= 0; i--) {
            if (runs.get(i).trained() > 0) {
                return runs.get(i).trained();
            }
        }
        return 0;
    }

    private double bytes(DescribedBlock block) {
        double bytes = 0;
        for (Spec spec : block.outputs().all()) {
            bytes += spec.shape().elements() * (spec.dtype() == DType.INT64 ? (double) Long.BYTES : width);
        }
        return bytes;
    }
}
