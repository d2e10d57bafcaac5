package dev.jumbo.train.parallel;

import dev.jumbo.dist.Work;
import dev.jumbo.dist.World;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Parameter;
import dev.jumbo.tensor.GradientHook;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums gradients over all workers, in parts, while back-propagation goes on (Li et al., 2020, section 3.2.3). A bucket is a
 * contiguous part of the flat gradients, so nothing is copied: from the last layer's weights, whose gradients are there
 * first, to the first layer's, then all biases and normalisations. A bucket leaves once its gradients have all been
 * added up; buckets leave in this order on every worker. Gradients that fit into one bucket leave together, behind the
 * backward pass: for few bytes, waiting costs less than parting them.
 *
 * <p>Gradients in bf16 are added to the fp32 ones bucket by bucket, and summed over the workers in fp32.
 *
 * <pre>{@code
 * outputs = model.forward(inputs, Pass.forTraining(null, buckets::follow));
 * buckets.begin();   // the next backward pass is the last of this step
 * loss.of(outputs, targets).backward();
 * buckets.finish();  // store.gradients() are the sums
 * }</pre>
 */
public final class GradientBuckets implements GradientSum {
    private final World world;
    private final FlatStore store;
    private final List<Bucket> buckets;
    private final List<Work> underWay = new ArrayList<>();
    private final List<Tensor> sums = new ArrayList<>();
    private final GradientHook progress = GradientHook.listening(this::launchComplete);
    private boolean begun;

    /** @param megabytes that a bucket has at least, except the last ones */
    public GradientBuckets(World world, FlatStore store, double megabytes) {
        this.world = world;
        this.store = store;
        buckets = plan(Math.max(1, Math.round(megabytes * 1e6 / Float.BYTES)));
    }

    /** Part of the flat gradients. */
    private final class Bucket implements AutoCloseable {
        private final long start;
        private final long length;
        private final int leaves;
        private final GradientHook hook = GradientHook.listening(this::arrived);
        private int arrived;

        Bucket(long start, long length, List<Parameter> parameters) {
            this.start = start;
            this.length = length;
            leaves = parameters.size();
            parameters.forEach(parameter -> parameter.tensor().onGradient(hook));
        }

        /** Called before a gradient is added up, when all that arrived before have been. */
        private void arrived() {
            if (begun) {
                launchComplete();
                arrived++;
            }
        }

        void launch() {
            store.gatherGradients(start, length);
            // Launched from a hook, whose scope ends before the sum is there.
            Tensor part = store.gradients().narrow(0, start, length).retain();
            sums.add(part);
            underWay.add(world.allReduceSum(part));
        }

        @Override
        public void close() {
            hook.close();
        }
    }

    private List<Bucket> plan(long least) {
        List<Bucket> planned = new ArrayList<>();
        long all = store.gradients().elements();
        if (world.size() == 1 || all <= least) {
            planned.add(new Bucket(0, all, List.of()));
            return planned;
        }
        List<Parameter> weights = ofRole(true);
        long end = store.weightValues();
        long start = end;
        List<Parameter> inBucket = new ArrayList<>();
        for (int i = weights.size() - 1; i >= 0; i--) {
            inBucket.add(weights.get(i));
            start -= weights.get(i).shape().elements();
            if (end - start >= least || i == 0) {
                planned.add(new Bucket(start, end - start, inBucket));
                end = start;
                inBucket = new ArrayList<>();
            }
        }
        if (all > store.weightValues()) {
            planned.add(new Bucket(store.weightValues(), all - store.weightValues(), ofRole(false)));
        }
        return planned;
    }

    private List<Parameter> ofRole(boolean weight) {
        return store.trainable().stream()
                .filter(p -> (p.role() == Parameter.Role.WEIGHT) == weight)
                .toList();
    }

    /** How many sums over the workers a step has. */
    public int count() {
        return buckets.size();
    }

    /** Its gradient is there when the layer behind it is done; the next gradient of a parameter comes a layer later. */
    @Override
    public void follow(String path, Tensors inputs, Tensors outputs) {
        Tensor output = outputs.main();
        if (buckets.size() > 1 && output.requiresGrad()) {
            output.onGradient(progress);
        }
    }

    @Override
    public void begin() {
        begun = true;
    }

    @Override
    public void finish() {
        begun = false;
        for (Bucket bucket : buckets) {
            bucket.hook.rethrow();
        }
        progress.rethrow();
        while (underWay.size() < buckets.size()) {
            buckets.get(underWay.size()).launch();
        }
        underWay.forEach(Work::await);
        underWay.clear();
        freeSums();
        buckets.forEach(bucket -> bucket.arrived = 0);
    }

    private void freeSums() {
        sums.forEach(Tensor::close);
        sums.clear();
    }

    /** In the order of the list alone, so that all workers do the same. */
    private void launchComplete() {
        while (begun && underWay.size() < buckets.size()) {
            Bucket next = buckets.get(underWay.size());
            if (next.leaves == 0 || next.arrived < next.leaves) {
                return;
            }
            next.launch();
        }
    }

    @Override
    public void close() {
        buckets.forEach(Bucket::close);
        freeSums();
        progress.close();
    }
}
