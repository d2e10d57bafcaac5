package dev.jumbo.train.pipeline;

import dev.jumbo.dist.Work;
import dev.jumbo.dist.World;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Forward and backward passes of a model whose layers are divided over the workers, in the order one forward, one backward
 * (1F1B; Narayanan et al., 2019, "PipeDream", 2021, "Efficient Large-Scale Language Model Training on GPU Clusters", figure
 * 4): worker r of p holds the activations of at most {@code p - r} micro-batches, however many there are. Of m micro-batches'
 * time, each worker waits {@code (p - 1) / m} at least.
 *
 * <p>Gradients add up over the micro-batches in the store of each worker's stage. Batch normalisation takes the statistics of
 * each micro-batch.
 */
public final class Pipeline {
    private final World world;
    private final Model stage;
    private final Queue<UnderWay> underWay = new ArrayDeque<>();
    private final List<Work> sending = new ArrayList<>();
    private final List<Tensor> sent = new ArrayList<>();
    private double loss;
    private long nanos;
    private long nanosWaiting;

    /** Where micro-batches come from and what they come to. Only the first and the last worker are asked for tensors. */
    public interface MicroBatches {
        /** How many there are. */
        int count();

        /** Examples of one of them. */
        int rows(int index);

        /** What the first stage receives. */
        Tensor inputs(int index);

        /** What a micro-batch adds to the loss of the step, from the outputs of the last stage. */
        Tensor loss(int index, Tensor outputs);
    }

    /**
     * A micro-batch between its passes.
     *
     * @param received what this stage received, whose gradient goes back; null on the first
     * @param result the loss on the last stage, outputs on the others
     */
    private record UnderWay(int index, @Nullable Tensor received, Tensor result) {}

    /** @param stage this worker's layers, prepared for training: one input and one output */
    public Pipeline(World world, Model stage) {
        this.world = world;
        this.stage = stage;
    }

    /**
     * Adds the gradients of all micro-batches to those of this worker's stage.
     *
     * @return the sum of the losses, on the last worker; 0 on the others
     * @throws dev.jumbo.error.FailureException if a worker is lost
     */
    public double run(MicroBatches batches) {
        loss = 0;
        long from = System.nanoTime();
        try {
            int ahead = Math.min(world.size() - world.rank() - 1, batches.count());
            for (int i = 0; i < ahead; i++) {
                forward(batches, i);
            }
            for (int i = ahead; i < batches.count(); i++) {
                forward(batches, i);
                backward(batches);
            }
            for (int i = 0; i < ahead; i++) {
                backward(batches);
            }
            finishSending();
            nanos += System.nanoTime() - from;
            return loss;
        } finally {
            freeSent();
            underWay.forEach(Pipeline::free);
            stage.abandon();
            underWay.clear();
        }
    }

    /**
     * Passes a batch through the stages in inference. Workers go on as soon as they have sent what comes out of theirs, so
     * several batches are under way; {@link #finishSending} waits for the last one.
     *
     * @param inputs what the first stage receives
     * @return the outputs of the last stage, in the caller's scope; null on other workers
     */
    public @Nullable Tensor infer(int rows, Supplier<Tensor> inputs) {
        try (Scope scope = Scope.open()) {
            Tensor received = world.isFirst()
                    ? inputs.get()
                    : receive(batch(rows, stage.inputs().main().shape()), world.rank() - 1, 0);
            Tensor outputs = stage.forward(received, Pass.inference());
            if (isLast()) {
                return scope.keep(outputs);
            }
            finishSending(); // Of the batch before.
            send(outputs, world.rank() + 1, 0);
            return null;
        }
    }

    /** Waits until all that was sent is on its way. */
    public void finishSending() {
        try {
            long from = System.nanoTime();
            sending.forEach(Work::await);
            nanosWaiting += System.nanoTime() - from;
        } finally {
            freeSent();
        }
    }

    private void freeSent() {
        sending.clear();
        sent.forEach(Tensor::close);
        sent.clear();
    }

    /** How long {@link #run} has taken so far. */
    public double seconds() {
        return nanos / 1e9;
    }

    /** How much of {@link #seconds} this worker has waited for others, their tensors under way included. */
    public double secondsWaiting() {
        return nanosWaiting / 1e9;
    }

    private boolean isLast() {
        return world.rank() == world.size() - 1;
    }

    private void forward(MicroBatches batches, int index) {
        try (Scope scope = Scope.open()) {
            Tensor received = null;
            Tensor inputs;
            if (world.isFirst()) {
                inputs = batches.inputs(index);
            } else {
                received = receive(
                                batch(batches.rows(index), stage.inputs().main().shape()), world.rank() - 1, 2 * index)
                        .requiresGrad(true);
                inputs = received.copy(); // A layer may change its input in place, which a leaf does not allow.
            }
            Tensor outputs = stage.forward(inputs, Pass.forTraining());
            Tensor result = outputs;
            if (isLast()) {
                result = batches.loss(index, outputs);
                loss += result.item();
            } else {
                send(outputs, world.rank() + 1, 2 * index);
            }
            underWay.add(new UnderWay(index, received == null ? null : received.retain(), result.retain()));
        }
    }

    /** Of the micro-batch that has waited longest. Its activations are free afterwards. */
    private void backward(MicroBatches batches) {
        UnderWay next = underWay.remove();
        try (Scope scope = Scope.open()) {
            if (isLast()) {
                stage.backward(next.result());
            } else {
                Shape outputs =
                        batch(batches.rows(next.index()), stage.outputs().main().shape());
                Tensor gradient = receive(outputs, world.rank() + 1, 2 * next.index() + 1);
                // The gradient of this sum by the outputs is what was received, to the bit.
                stage.backward(next.result().mul(gradient).sum());
            }
            if (next.received() != null) {
                send(next.received().grad(), world.rank() - 1, 2 * next.index() + 1);
            }
            stage.store().gatherGradients();
        } finally {
            free(next);
        }
    }

    private static void free(UnderWay batch) {
        batch.result().close();
        if (batch.received() != null) {
            batch.received().close();
        }
    }

    private static Shape batch(int rows, Shape example) {
        long[] sizes = new long[example.rank() + 1];
        sizes[0] = rows;
        System.arraycopy(example.toArray(), 0, sizes, 1, example.rank());
        return Shape.of(sizes);
    }

    private Tensor receive(Shape shape, int from, int tag) {
        Tensor tensor = Tensor.zeros(shape, DType.FLOAT32).to(stage.device());
        long start = System.nanoTime();
        world.receive(tensor, from, tag).await();
        nanosWaiting += System.nanoTime() - start;
        return tensor;
    }

    /** Goes on at once; the tensor lives until the end of the step. */
    private void send(Tensor tensor, int to, int tag) {
        try (Autograd off = Autograd.noGrad()) {
            Tensor plain = tensor.detach().contiguous().retain();
            sent.add(plain);
            sending.add(world.send(plain, to, tag));
        }
    }
}
