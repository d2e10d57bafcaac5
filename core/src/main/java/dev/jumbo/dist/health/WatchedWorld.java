package dev.jumbo.dist.health;

import dev.jumbo.dist.Work;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** A world whose failures name the worker that was lost. */
final class WatchedWorld implements World {
    private final World world;
    private final Heartbeats heartbeats;
    private long collectives;

    WatchedWorld(World world, Heartbeats heartbeats) {
        this.world = world;
        this.heartbeats = heartbeats;
    }

    @Override
    public int rank() {
        return world.rank();
    }

    @Override
    public int localRank() {
        return world.localRank();
    }

    @Override
    public int size() {
        return world.size();
    }

    @Override
    public Work allReduceSum(Tensor tensor) {
        return start("all-reduce", () -> world.allReduceSum(tensor));
    }

    @Override
    public Work allGather(Tensor flat) {
        return start("all-gather", () -> world.allGather(flat));
    }

    @Override
    public void broadcast(Tensor tensor, int from) {
        complete("broadcast", () -> world.broadcast(tensor, from));
    }

    @Override
    public Work send(Tensor tensor, int to, int tag) {
        return start("send to rank " + to, () -> world.send(tensor, to, tag));
    }

    @Override
    public Work receive(Tensor tensor, int from, int tag) {
        return start("receive from rank " + from, () -> world.receive(tensor, from, tag));
    }

    @Override
    public List<String> exchange(String text) {
        return call("exchange", ++collectives, () -> world.exchange(text));
    }

    @Override
    public List<String> exchange(String text, Duration limit) {
        return call("exchange", ++collectives, () -> world.exchange(text, limit));
    }

    @Override
    public void barrier() {
        complete("barrier", world::barrier);
    }

    @Override
    public void fail(String reason, boolean mistake) {
        heartbeats.fail(reason, mistake);
    }

    @Override
    public void close() {
        heartbeats.close();
        world.close();
    }

    private Work start(String what, Supplier<Work> start) {
        long number = ++collectives;
        Work work = call(what, number, start);
        return () -> complete(what, number, work::await);
    }

    private void complete(String what, Runnable collective) {
        complete(what, ++collectives, collective);
    }

    private void complete(String what, long number, Runnable collective) {
        call(what, number, () -> {
            collective.run();
            return true;
        });
    }

    private <T> T call(String what, long number, Supplier<T> collective) {
        heartbeats.doing(new Activity(what, number, true, System.nanoTime()));
        try {
            T result = collective.get();
            heartbeats.doing(new Activity(what, number, false, System.nanoTime()));
            return result;
        } catch (FailureException e) {
            // A broken connection of the collective and that of the heartbeat are noticed in any order.
            throw heartbeats
                    .awaitLoss()
                    .map(lost -> new FailureException(lost, e))
                    .orElseGet(() -> new FailureException(
                            what + " " + number + " failed though all workers live (" + heartbeats.everybody() + "): "
                                    + e.getMessage(),
                            e));
        }
    }
}
