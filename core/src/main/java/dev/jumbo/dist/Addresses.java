package dev.jumbo.dist;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Under which address the other workers reach this one. */
final class Addresses {
    /** Any port: a datagram socket that is only connected sends nothing. */
    private static final int NO_PORT = 9;

    private Addresses() {}

    /**
     * Whether the machine of rank 0 has an address. Its name is a mistake where it has none, but for Kubernetes, where the name of
     * a pod is known when the pod is there: that is waited for.
     *
     * @throws InputException if the name is not known
     * @throws FailureException if it is not known in time
     */
    static void requireKnown(String master, Duration start, Map<String, String> variables) {
        boolean mayCome = variables.containsKey("KUBERNETES_SERVICE_HOST");
        List<String> unknown = mayCome
                ? Waiting.until(start, () -> isKnown(master) ? List.of() : List.of(master))
                : isKnown(master) ? List.of() : List.of(master);
        if (!unknown.isEmpty()) {
            String message = "MASTER_ADDR: expected the name or address of the machine of rank 0, received \"" + master
                    + "\", which this machine cannot resolve";
            throw mayCome
                    ? new FailureException(
                            message + " after " + start.toSeconds() + " s: look at the service of the pods")
                    : new InputException(message + "; check it with: getent hosts " + master);
        }
    }

    private static boolean isKnown(String host) {
        try {
            return InetAddress.getByName(host) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The address of the interface by name, or of the one that leads to rank 0. */
    static String towards(String master, @Nullable String interfaceName) {
        try {
            if (interfaceName == null || interfaceName.isBlank()) {
                return ofRouteTo(master);
            }
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
        } catch (IOException e) {
            throw new FailureException("cannot look up the network interfaces: " + e, e);
        }
    }

    /**
     * The address that all others can use. On rank 0's machine its name may stand for a loopback address ({@code 127.0.1.1} in
     * {@code /etc/hosts} of Debian and Ubuntu), by which nobody else finds it: then that of the way to a worker on another
     * machine counts.
     *
     * @param own towards rank 0
     * @param all of every rank, in the order of the ranks
     * @throws InputException if it is a loopback address and those of others are not
     */
    static String reachable(String own, List<String> all, @Nullable String interfaceName) {
        return reachable(own, all, interfaceName, Addresses::ofRouteTo);
    }

    static String reachable(
            String own, List<String> all, @Nullable String interfaceName, UnaryOperator<String> routeTo) {
        Optional<String> elsewhere =
                all.stream().filter(address -> !isLoopback(address)).findFirst();
        if (!isLoopback(own) || elsewhere.isEmpty()) {
            return own;
        }
        boolean chosen = interfaceName != null && !interfaceName.isBlank();
        String found = chosen ? own : routeTo.apply(elsewhere.get());
        if (isLoopback(found)) {
            throw new InputException("expected an address that the worker at " + elsewhere.get()
                    + " can reach, received " + found
                    + ", which is only for this machine; set GLOO_SOCKET_IFNAME to the"
                    + " network interface between the workers, as in GLOO_SOCKET_IFNAME=eth0 (ip link lists them)");
        }
        return found;
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new FailureException("a worker says that it is at \"" + address + "\", which is no address", e);
        }
    }

    private static String ofRouteTo(String host) {
        try {
            InetAddress to = InetAddress.getByName(host);
            if (to.isLoopbackAddress()) {
                return to.getHostAddress();
            }
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(new InetSocketAddress(to, NO_PORT));
                return socket.getLocalAddress().getHostAddress();
            }
        } catch (UnknownHostException e) {
            throw new FailureException("the machine \"" + host + "\" of another worker is not known here: " + e, e);
        } catch (SocketException e) {
            throw new FailureException("no way to the machine \"" + host + "\" of another worker: " + e, e);
        }
    }
}
