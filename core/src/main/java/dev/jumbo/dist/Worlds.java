package dev.jumbo.dist;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.ProcessGroup;
import dev.jumbo.tensor.TcpStore;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings the workers of a run together. */
public final class Worlds {
    /** Any port: a datagram socket that is only connected sends nothing. */
    private static final int NO_PORT = 9;

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
        BatchScheduling.ask();
        TcpStore store = store(placement, rendezvous, start);
        String address = address(store.host(), System.getenv("GLOO_SOCKET_IFNAME"));
        store.set("joined/" + placement.rank(), address);
        awaitAll(store, placement.size(), start);
        ProcessGroup group = device.type() == Device.Type.CUDA
                ? ProcessGroup.nccl(store, placement.rank(), placement.size(), timeout)
                : ProcessGroup.gloo(store, placement.rank(), placement.size(), address, timeout);
        return new GroupWorld(group, address, timeout);
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
        List<Integer> missing = Waiting.until(timeout, () -> missing(store, size));
        if (!missing.isEmpty()) {
            throw new FailureException("expected " + size + " workers, but after " + timeout.toSeconds()
                    + " s there is no sign of rank " + missing + ": look at why it did not start");
        }
    }

    private static List<Integer> missing(TcpStore store, int size) {
        List<Integer> missing = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            if (store.find("joined/" + rank).isEmpty()) {
                missing.add(rank);
            }
        }
        return missing;
    }

    /**
     * The address under which other workers reach this one: that of the interface by name, or of the one that leads to
     * rank 0.
     */
    static String address(String master, @Nullable String interfaceName) {
        try {
            if (interfaceName != null && !interfaceName.isBlank()) {
                NetworkInterface chosen = NetworkInterface.getByName(interfaceName.strip());
                if (chosen == null) {
                    throw new InputException("GLOO_SOCKET_IFNAME: expected a network interface of this machine,"
                            + " received \"" + interfaceName + "\"; ip link lists them");
                }
                return Collections.list(chosen.getInetAddresses()).stream()
                        .filter(found -> found.getAddress().length == 4)
                        .findFirst()
                        .orElseThrow(() -> new InputException(
                                "GLOO_SOCKET_IFNAME: the interface " + interfaceName + " has no IPv4 address"))
                        .getHostAddress();
            }
            InetAddress to = InetAddress.getByName(master);
            if (to.isLoopbackAddress()) {
                return to.getHostAddress();
            }
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(to, NO_PORT));
                return socket.getLocalAddress().getHostAddress();
            }
        } catch (UnknownHostException e) {
            throw new FailureException("the machine of rank 0, \"" + master + "\", is not known here: " + e, e);
        } catch (SocketException e) {
            throw new FailureException("no way to the machine of rank 0, \"" + master + "\": " + e, e);
        } catch (IOException e) {
            throw new FailureException("cannot look up the network interfaces: " + e, e);
        }
    }
}
