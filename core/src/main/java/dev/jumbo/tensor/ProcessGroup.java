package dev.jumbo.tensor;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.time.Duration;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * The collectives of libtorch (c10d) among several processes: Gloo for tensors in main memory, NCCL for those on CUDA
 * devices. All processes call the same collectives in the same order. After a failure the group is dead.
 */
public final class ProcessGroup implements AutoCloseable {
    /** Collectives that Gloo works on at the same time, as PyTorch sets it. */
    private static final int GLOO_THREADS = 2;

    private final Backend backend;
    private final TcpStore store;
    private final int rank;
    private final int size;

    private ProcessGroup(Backend backend, TcpStore store, int rank, int size) {
        this.backend = backend;
        this.store = store;
        this.rank = rank;
        this.size = size;
    }

    /**
     * Connects this process with all others over TCP.
     *
     * @param store by which they find each other; it must outlive the group
     * @param address of this process, under which the others reach it
     * @param start until all of them are connected
     * @param timeout of every collective
     * @throws FailureException if not all of them connect in time
     */
    public static ProcessGroup gloo(
            TcpStore store, int rank, int size, String address, Duration start, Duration timeout) {
        TcpStore.requireNoScope();
        requireRank(rank, size);
        Loader.load(torch_gloo.class);
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(new Milliseconds(start.toMillis()));
        options.threads(GLOO_THREADS);
        // createDefaultDevice hangs where GLOO_SOCKET_IFNAME is set; an address always works.
        options.devices().put(ProcessGroupGloo.createDeviceForHostname(address));
        return open(
                () -> {
                    ProcessGroupGloo group = new ProcessGroupGloo(store.handle(), rank, size, options);
                    group.setTimeout(new Milliseconds(timeout.toMillis()));
                    return group;
                },
                store,
                rank,
                size,
                "at " + address);
    }

    /**
     * Connects this process with all others by NCCL; each must have a device of its own.
     *
     * @throws InputException if this build of libtorch has no CUDA
     */
    public static ProcessGroup nccl(TcpStore store, int rank, int size, Duration timeout) {
        TcpStore.requireNoScope();
        requireRank(rank, size);
        try {
            Loader.load(torch_nccl.class);
        } catch (LinkageError e) {
            throw new InputException("expected a build with CUDA for NCCL, found none: build with mvn -Pgpu", e);
        }
        return open(
                () -> {
                    ProcessGroupNCCL group = new ProcessGroupNCCL(store.handle(), rank, size);
                    group.setTimeout(new Milliseconds(timeout.toMillis()));
                    return group;
                },
                store,
                rank,
                size,
                "by NCCL");
    }

    private static void requireRank(int rank, int size) {
        if (rank < 0 || rank >= size) {
            throw new InputException("expected a rank from 0 to " + (size - 1) + ", received " + rank);
        }
    }

    private static ProcessGroup open(Supplier<Backend> connect, TcpStore store, int rank, int size, String how) {
        try {
            return new ProcessGroup(connect.get(), store, rank, size);
        } catch (RuntimeException e) {
            throw new FailureException(
                    "rank " + rank + " cannot connect with the other workers " + how + ": " + NativeErrors.firstLine(e),
                    e);
        }
    }

    /** This process's number, from 0. */
    public int rank() {
        return rank;
    }

    /** Number of processes. */
    public int size() {
        return size;
    }

    /** The store by which the processes found each other. */
    public TcpStore store() {
        return store;
    }

    /** Starts replacing a contiguous tensor by its sum over all processes. */
    public Pending allReduceSum(Tensor tensor) {
        requireContiguous(tensor);
        TensorVector tensors = new TensorVector(tensor.handle());
        return start("all-reduce", () -> backend.allreduce(tensors));
    }

    /** Starts filling a flat tensor of {@code size() * k} elements, of which this process has set the {@code k} from {@code rank() * k} on. */
    public Pending allGather(Tensor flat) {
        requireContiguous(flat);
        if (flat.elements() % size != 0) {
            throw new IllegalArgumentException(
                    "expected a multiple of " + size + " elements for an all-gather, received " + flat.elements());
        }
        long each = flat.elements() / size;
        Tensor own = flat.narrow(0, rank * each, each);
        return start("all-gather", () -> backend._allgather_base(flat.handle(), own.handle()));
    }

    /** Starts replacing a contiguous tensor by that of another process. */
    public Pending broadcast(Tensor tensor, int from) {
        requireContiguous(tensor);
        requireRank(from, size);
        TensorVector tensors = new TensorVector(tensor.handle());
        BroadcastOptions options = new BroadcastOptions();
        options.rootRank(from);
        return start("broadcast", () -> backend.broadcast(tensors, options));
    }

    /** Starts sending a contiguous tensor to another process. @param tag the same as the receiver's, 0 or more */
    public Pending send(Tensor tensor, int to, int tag) {
        requireContiguous(tensor);
        requireRank(to, size);
        TensorVector tensors = new TensorVector(tensor.handle());
        return start("send to rank " + to, () -> backend.send(tensors, to, tag));
    }

    /** Starts overwriting a contiguous tensor by what another process sends. @param tag the same as the sender's, 0 or more */
    public Pending receive(Tensor tensor, int from, int tag) {
        requireContiguous(tensor);
        requireRank(from, size);
        TensorVector tensors = new TensorVector(tensor.handle());
        return start("receive from rank " + from, () -> backend.recv(tensors, from, tag));
    }

    private static void requireContiguous(Tensor tensor) {
        if (!tensor.isContiguous()) {
            throw new InputException(
                    "expected a contiguous tensor for a collective, received a view " + tensor.shape());
        }
    }

    private static Pending start(String what, Supplier<Work> call) {
        try {
            return new Pending(what, call.get());
        } catch (RuntimeException e) {
            throw failed(what, e);
        }
    }

    private static FailureException failed(String what, RuntimeException e) {
        return new FailureException(what + " failed: " + NativeErrors.firstLine(e), e);
    }

    @Override
    public void close() {
        backend.close();
    }

    /** A collective under way, which outlives the scope in which it was started. {@link #await} frees it. */
    public static final class Pending {
        private final String what;
        private final Work work;
        private boolean done;

        private Pending(String what, Work work) {
            this.what = what;
            this.work = work;
            work.retainReference(); // What a freed one still has to send is never sent.
        }

        /** The collective's name, for messages. */
        public String what() {
            return what;
        }

        /** Waits for the end. @throws FailureException if another process is lost or does not answer in time */
        public void await() {
            if (done) {
                return;
            }
            done = true;
            try {
                work._wait();
            } catch (RuntimeException e) {
                throw failed(what, e);
            } finally {
                work.releaseReference();
            }
        }
    }
}
