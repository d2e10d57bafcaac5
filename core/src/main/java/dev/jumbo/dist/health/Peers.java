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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

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

    /** @throws FailureException if a worker cannot be reached, naming it */
    static List<Peer> connect(World world, String host, Duration limit) {
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
                    world.exchange(own).stream().map(Contact::parse).toList();
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
                BufferedReader reader = Peer.reader(socket);
                int rank = hello(socket, reader, word, limit);
                if (missing.remove(rank)) {
                    peers.add(new Peer(rank, contacts.get(rank).host(), socket, reader));
                } else {
                    close(socket); // A stranger, such as a port scanner.
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

    /** @return the rank that calls, or -1 for somebody else */
    private static int hello(Socket socket, BufferedReader reader, String word, Duration limit) throws IOException {
        socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
        String line = reader.readLine();
        socket.setSoTimeout(0);
        String prefix = word + SEPARATOR;
        return line != null && line.startsWith(prefix) ? Integer.parseInt(line.substring(prefix.length())) : -1;
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
