package dev.jumbo.train.plan.step;

import dev.jumbo.nn.work.Operation;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.plan.device.DeviceSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients that are summed over all workers while the backward pass goes on: a bucket leaves when it is complete and the one
 * before it has arrived (Li et al., 2020, "PyTorch Distributed", section 3.2.3). The step's end is that of the scheme
 *
 * <pre>
 * T = T_forward + max(T_backward, T_first + T_communication) + T_last + T_optimizer
 * </pre>
 *
 * bucket by bucket. Gradients that fit into one bucket leave together, behind the backward pass.
 *
 * @param ready a time for each bucket, in seconds from the start of the backward pass
 * @param bytes of each bucket
 * @param backward seconds of the backward pass
 */
record Buckets(List<Double> ready, List<Double> bytes, double backward) {
    private static final double MEGA = 1e6;

    /** @param slow by how much a worker is slower for the others */
    static Buckets of(TrainConfig config, Passes passes, double examples, double slow) {
        double size = MEGA * config.distributed().bucketMb();
        List<Operation> operations = passes.operations();
        double[] seconds = passes.backwardOfEach(operations, examples, true);
        List<Double> ready = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        double clock = 0;
        double waiting = 0;
        for (int i = operations.size() - 1; i >= 0; i--) {
            clock += slow * seconds[i];
            waiting += (double) Float.BYTES * operations.get(i).parameters();
            if (waiting >= size && i > 0) {
                ready.add(clock);
                bytes.add(waiting);
                waiting = 0;
            }
        }
        if (waiting > 0) {
            ready.add(clock);
            bytes.add(waiting);
        }
        return new Buckets(ready, bytes, clock);
    }

    /** What one worker sends. */
    Traffic sent(int workers) {
        Traffic all = Traffic.NONE;
        for (double bucket : bytes) {
            all = all.plus(Traffic.allReduce(bucket, workers));
        }
        return all;
    }

    /** Seconds from the end of the backward pass until all sums are there. @param overlap share of the sending that it can hide */
    double waiting(DeviceSpec.Link link, int workers, double overlap) {
        double end = 0;
        for (int i = 0; i < bytes.size(); i++) {
            end = Math.max(end, ready.get(i))
                    + Traffic.allReduce(bytes.get(i), workers).seconds(link);
        }
        double hidden = Math.max(0, end - backward);
        return overlap * hidden + (1 - overlap) * sent(workers).seconds(link);
    }
}
