package dev.jumbo.dist;

import dev.jumbo.error.FailureException;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.ProcessGroup;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Several processes, by c10d. */
final class GroupWorld implements World {
    private final ProcessGroup group;
    private final int localRank;
    private final Device device;
    private final String address;
    private final Duration timeout;
    private int exchanges;

    GroupWorld(ProcessGroup group, int localRank, Device device, String address, Duration timeout) {
        this.group = group;
        this.localRank = localRank;
        this.device = device;
        this.address = address;
        this.timeout = timeout;
    }

    @Override
    public int rank() {
        return group.rank();
    }

    @Override
    public int localRank() {
        return localRank;
    }

    @Override
    public int size() {
        return group.size();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Work allReduceSum(Tensor tensor) {
        return group.allReduceSum(tensor)::await;
    }

    @Override
    public Work allGather(Tensor flat) {
        return group.allGather(flat)::await;
    }

    @Override
    public void broadcast(Tensor tensor, int from) {
        try (Scope scope = Scope.open()) {
            group.broadcast(tensor, from).await();
        }
    }

    @Override
    public Work send(Tensor tensor, int to, int tag) {
        return group.send(tensor, to, tag)::await;
    }

    @Override
    public Work receive(Tensor tensor, int from, int tag) {
        return group.receive(tensor, from, tag)::await;
    }

    @Override
    public List<String> exchange(String text) {
        return exchange(text, timeout);
    }

    @Override
    public List<String> exchange(String text, Duration limit) {
        String prefix = "exchange/" + exchanges++ + "/";
        group.store().set(prefix + rank(), text);
        List<Integer> missing = Waiting.until(limit, () -> missing(prefix));
        if (!missing.isEmpty()) {
            throw new FailureException("rank " + missing + " has not answered for " + limit.toSeconds()
                    + " s: it is lost, or far slower than the others");
        }
        List<String> said = new ArrayList<>();
        for (int rank = 0; rank < size(); rank++) {
            said.add(group.store().find(prefix + rank).orElseThrow());
        }
        return said;
    }

    private List<Integer> missing(String prefix) {
        List<Integer> missing = new ArrayList<>();
        for (int rank = 0; rank < size(); rank++) {
            if (group.store().find(prefix + rank).isEmpty()) {
                missing.add(rank);
            }
        }
        return missing;
    }

    @Override
    public void barrier() {
        try (Scope scope = Scope.open()) {
            Tensor here = Tensor.zeros(Shape.of(1)).to(device); // NCCL knows no other memory.
            allReduceSum(here).await();
            here.toFloats(); // A CUDA device is waited for only here.
        }
    }

    @Override
    public void close() {
        group.close();
        group.store().close();
    }
}
