package dev.jumbo.dist.health;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Another worker, as seen from this one: a connection over which both tell that they live. */
final class Peer implements AutoCloseable {
    final int rank;
    final String host;
    private final Socket socket;
    private final BufferedReader reader;
    private final BufferedWriter writer;

    /** The watcher's own running time when the peer was last heard of. */
    private volatile long heardAt;
    /** What it was doing then. */
    private volatile String doing = "starting";

    private volatile boolean left;

    Peer(int rank, String host, Socket socket, BufferedReader reader) throws IOException {
        this.rank = rank;
        this.host = host;
        this.socket = socket;
        this.reader = reader;
        socket.setTcpNoDelay(true);
        writer = writer(socket);
    }

    static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static BufferedWriter writer(Socket socket) throws IOException {
        return new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** @return null at the end of the connection */
    @Nullable
    String read() {
        try {
            return reader.readLine();
        } catch (IOException e) {
            return null; // As good as its end.
        }
    }

    /** What cannot be sent is noticed by the silence, or the end of the connection, that goes with it. */
    @SuppressWarnings("EmptyCatch")
    synchronized void send(String line) {
        try {
            writer.write(line + "\n");
            writer.flush();
        } catch (IOException e) {
            // The reader of this connection sees its end too.
        }
    }

    void heard(String what, long now) {
        doing = what;
        heardAt = now;
    }

    long heardAt() {
        return heardAt;
    }

    String doing() {
        return doing;
    }

    /** It has said that it is done. */
    void leave() {
        left = true;
    }

    boolean hasLeft() {
        return left;
    }

    @Override
    @SuppressWarnings("EmptyCatch")
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}
