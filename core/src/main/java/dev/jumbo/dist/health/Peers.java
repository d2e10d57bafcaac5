package dev.jumbo.dist.health;

import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Connects every worker with every other: each listens, and calls those of lower rank. */
final class Peers {
    private static final String SEPARATOR = "\t";

    /** Where a rank listens, on which host, and the word that shows that a caller belongs to this world. */
    private record Contact(String address, int port, String host, String word) {
        String text() {
            return String.join(SEPARATOR, address, Integer.toString(port), host, word);
        }

        static Contact parse(String text) {
            String[] parts = text.split(SEPARATOR, -1);
            return new Contact(parts[0], Integer.parseInt(parts[1]), parts[2], parts[3]);
        }
    }

    private Peers() {}

    /** How long a caller may take to say who it is: a worker says so at once. */
    private static final Duration HELLO = Duration.ofSeconds(1);

    /**
     * @param start how long to wait for a worker that does not say where it listens
     * @param limit of the calls from then on
     * @throws FailureException if a worker cannot be reached, naming it
     */
    static List<Peer> connect(World world, String host, Duration start, Duration limit) {
        String address = world.address();
        List<Peer> peers = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, world.size(), InetAddress.getByName(address))) {
            String own = new Contact(
                            address,
                            server.getLocalPort(),
                            host,
                            UUID.randomUUID().toString())
                    .text();
            List<Contact> contacts =
                    world.exchange(own, start).stream().map(Contact::parse).toList();
            String word = contacts.get(0).word();
            for (int rank = 0; rank < world.rank(); rank++) {
                peers.add(call(rank, world.rank(), contacts.get(rank), word, limit));
            }
            accept(server, world, contacts, word, limit, peers);
            peers.sort(Comparator.comparingInt(peer -> peer.rank));
            return peers;
        } catch (IOException e) {
            peers.forEach(Peer::close);
            throw new FailureException("cannot listen for the heartbeats of other workers at " + address + ": " + e, e);
        } catch (RuntimeException e) {
            peers.forEach(Peer::close);
            throw e;
        }
    }

    private static Peer call(int rank, int ownRank, Contact contact, String word, Duration limit) {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(contact.address(), contact.port()), Math.toIntExact(limit.toMillis()));
            BufferedWriter writer = Peer.writer(socket);
            writer.write(word + SEPARATOR + ownRank + "\n");
            writer.flush();
            return new Peer(rank, contact.host(), socket, Peer.reader(socket));
        } catch (IOException e) {
            close(socket);
            throw new FailureException(
                    "rank " + ownRank + " cannot reach rank " + rank + " on " + contact.host() + " at "
                            + contact.address() + ":" + contact.port() + ": " + e.getMessage()
                            + "; open the network between the workers, or choose another with GLOO_SOCKET_IFNAME",
                    e);
        }
    }

    private static void accept(
            ServerSocket server, World world, List<Contact> contacts, String word, Duration limit, List<Peer> peers)
            throws IOException {
        Set<Integer> missing = new TreeSet<>();
        for (int rank = world.rank() + 1; rank < world.size(); rank++) {
            missing.add(rank);
        }
        long end = System.nanoTime() + limit.toNanos();
        while (!missing.isEmpty()) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            try {
                server.setSoTimeout(Math.toIntExact(Math.max(1, left)));
                Socket socket = server.accept();
                Optional<Peer> peer = hello(socket, contacts, word, missing, Math.min(left, HELLO.toMillis()));
                if (peer.isPresent()) {
                    missing.remove(peer.get().rank);
                    peers.add(peer.get());
                } else {
                    close(socket);
                }
            } catch (SocketTimeoutException e) {
                throw new FailureException(
                        "rank " + world.rank() + " was not called by rank " + missing + " on "
                                + missing.stream()
                                        .map(rank -> contacts.get(rank).host())
                                        .distinct()
                                        .toList()
                                + " within " + limit.toSeconds() + " s: look at why it does not go on there",
                        e);
            }
        }
    }

    /** @return the missing rank that calls; empty for a stranger, such as a port scanner, that may as well say nothing */
    private static Optional<Peer> hello(
            Socket socket, List<Contact> contacts, String word, Set<Integer> missing, long millis) {
        try {
            BufferedReader reader = Peer.reader(socket);
            socket.setSoTimeout(Math.toIntExact(Math.max(1, millis)));
            @Nullable String line = reader.readLine();
            socket.setSoTimeout(0);
            for (int rank : missing) {
                if ((word + SEPARATOR + rank).equals(line)) {
                    return Optional.of(new Peer(rank, contacts.get(rank).host(), socket, reader));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // Its connection is its own affair: a rank that is lost stays missing.
        }
    }

    @SuppressWarnings("EmptyCatch")
    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}
