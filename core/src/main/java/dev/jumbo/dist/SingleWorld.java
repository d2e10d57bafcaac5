package dev.jumbo.dist;

import dev.jumbo.tensor.Tensor;
import java.util.List;

/** A world of one: what all ranks have together is what this one has. */
record SingleWorld() implements World {
    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public Work allReduceSum(Tensor tensor) {
        return Work.DONE;
    }

    @Override
    public Work allGather(Tensor flat) {
        return Work.DONE;
    }

    @Override
    public void broadcast(Tensor tensor, int from) {
        // The only rank has it already.
    }

    @Override
    public Work send(Tensor tensor, int to, int tag) {
        throw new IllegalStateException("a world of one has nobody to send to");
    }

    @Override
    public Work receive(Tensor tensor, int from, int tag) {
        throw new IllegalStateException("a world of one has nobody to receive from");
    }

    @Override
    public List<String> exchange(String text) {
        return List.of(text);
    }

    @Override
    public void barrier() {
        // Everybody is here.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
