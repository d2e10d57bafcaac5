package dev.jumbo.dist;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.ProcessGroup;
import dev.jumbo.tensor.TcpStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings the workers of a run together. */
public final class Worlds {
    private static final String JOINED = "joined/";
    private static final String TRIED = "tried/";

    /** How long to wait for what others say when connecting failed here: their time-out is over at about the same time. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private Worlds() {}

    /**
     * Joins the other workers. Call it before the first {@link dev.jumbo.tensor.Scope}.
     *
     * @param rendezvous how the port is told where {@link Placement#masterPort} is 0
     * @param device where tensors are: Gloo connects processors, NCCL CUDA devices
     * @param timeout until a missing worker is given up, and of every collective
     * @throws FailureException if a worker is missing, naming its rank
     */
    public static World join(Placement placement, Rendezvous rendezvous, Device device, Duration timeout) {
        return join(placement, rendezvous, device, timeout, timeout);
    }

    /**
     * As {@link #join(Placement, Rendezvous, Device, Duration)}.
     *
     * @param start until a missing worker is given up
     * @param timeout of every collective: how long one worker may keep the others waiting
     */
    public static World join(
            Placement placement, Rendezvous rendezvous, Device device, Duration start, Duration timeout) {
        if (placement.size() == 1) {
            return World.single();
        }
        if (placement.masterPort() != 0) {
            Addresses.requireKnown(placement.masterAddress(), start, System.getenv());
        }
        BatchScheduling.ask();
        TcpStore store = store(placement, rendezvous, start).under("attempt-" + placement.attempt() + "/");
        @Nullable String interfaceName = System.getenv("GLOO_SOCKET_IFNAME");
        String towardsFirst = Addresses.towards(store.host(), interfaceName);
        store.set(JOINED + placement.rank(), towardsFirst);
        awaitAll(store, placement.size(), start);
        String address = Addresses.reachable(towardsFirst, said(store, JOINED, placement.size()), interfaceName);
        ProcessGroup group = connect(placement, store, device, address, start, timeout);
        return new GroupWorld(group, placement.localRank(), device, address, timeout);
    }

    /** Who stands still when the others connect is not named by a time-out of theirs, so all say whether they came that far. */
    private static ProcessGroup connect(
            Placement placement, TcpStore store, Device device, String address, Duration start, Duration timeout) {
        try {
            ProcessGroup group = device.type() == Device.Type.CUDA
                    ? ProcessGroup.nccl(store, placement.rank(), placement.size(), timeout)
                    : ProcessGroup.gloo(store, placement.rank(), placement.size(), address, start, timeout);
            store.set(TRIED + placement.rank(), "connected");
            return group;
        } catch (FailureException e) {
            store.set(TRIED + placement.rank(), "failed");
            List<Integer> silent = Waiting.until(SETTLE, () -> missing(store, TRIED, placement.size()));
            throw silent.isEmpty()
                    ? e
                    : new FailureException(
                            "rank " + silent + " has come, but has not connected with the others for "
                                    + start.toSeconds() + " s: look at why it stands still, or at the network",
                            e);
        }
    }

    private static TcpStore store(Placement placement, Rendezvous rendezvous, Duration timeout) {
        if (placement.rank() == 0 && !placement.storeIsServed()) {
            TcpStore store = TcpStore.serve(placement.masterAddress(), placement.masterPort(), timeout);
            rendezvous.announce(placement.masterAddress() + ":" + store.port());
            return store;
        }
        if (placement.masterPort() != 0) {
            return TcpStore.connect(placement.masterAddress(), placement.masterPort(), timeout);
        }
        String announced = rendezvous.await();
        int colon = announced.lastIndexOf(':');
        if (colon < 1 || !announced.substring(colon + 1).matches("\\d{1,5}")) {
            throw new InputException("expected HOST:PORT of rank 0, received \"" + announced + "\"");
        }
        return TcpStore.connect(
                announced.substring(0, colon), Integer.parseInt(announced.substring(colon + 1)), timeout);
    }

    private static void awaitAll(TcpStore store, int size, Duration timeout) {
        List<Integer> missing = Waiting.until(timeout, () -> missing(store, JOINED, size));
        if (!missing.isEmpty()) {
            throw new FailureException("expected " + size + " workers, but after " + timeout.toSeconds()
                    + " s there is no sign of rank " + missing + ": look at why it did not start");
        }
    }

    private static List<Integer> missing(TcpStore store, String prefix, int size) {
        List<Integer> missing = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            if (store.find(prefix + rank).isEmpty()) {
                missing.add(rank);
            }
        }
        return missing;
    }

    private static List<String> said(TcpStore store, String prefix, int size) {
        List<String> said = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            said.add(store.find(prefix + rank).orElseThrow());
        }
        return said;
    }
}
