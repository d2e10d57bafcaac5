package dev.jumbo.tensor;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * Texts under names that the processes of a world share: c10d's {@code TCPStore}, a server in one process and a connection
 * from each. It carries what is said before and beside the collectives, so it is made for short values. A call that waits
 * holds up the calls of other threads on the same connection: a thread that must not wait has a connection of its own.
 */
public final class TcpStore implements AutoCloseable {
    private static final int PORT_BITS = 0xffff;

    private final TCPStore raw;
    /** Kept for as long as the handle is used, newest first: the bindings of their constructors own no reference. */
    private final List<Store> kept;

    private final Store handle;
    private final String host;

    private TcpStore(TCPStore raw, String host) {
        this.raw = raw;
        this.host = host;
        kept = List.of(raw);
        // The raw pointer given to another native object would be freed twice; the clone counts its references.
        handle = raw.clone();
    }

    private TcpStore(TcpStore whole, String prefix) {
        raw = whole.raw;
        host = whole.host;
        PrefixStore part = new PrefixStore(prefix, whole.handle);
        kept = Stream.concat(Stream.of(part, whole.handle), whole.kept.stream()).toList();
        handle = part.clone();
    }

    /**
     * Opens the server and this process's connection to it.
     *
     * @param host the name or address under which this process reaches itself
     * @param port to listen on; 0 for any that is free, see {@link #port}
     * @param timeout of every later call that waits
     * @throws FailureException if the port cannot be had
     */
    public static TcpStore serve(String host, int port, Duration timeout) {
        return open(host, port, timeout, true);
    }

    /** Connects to a server. @throws FailureException if it does not answer within the time-out */
    public static TcpStore connect(String host, int port, Duration timeout) {
        return open(host, port, timeout, false);
    }

    private static TcpStore open(String host, int port, Duration timeout, boolean server) {
        requireNoScope();
        if (port < (server ? 0 : 1) || port > PORT_BITS) {
            throw new InputException(
                    "expected a port from " + (server ? 0 : 1) + " to " + PORT_BITS + ", received " + port);
        }
        Native.start();
        TCPStoreOptions options = new TCPStoreOptions()
                .port((short) port)
                .isServer(server)
                .waitWorkers(false)
                .useLibUV(false)
                .numWorkers(new SizeTPointer(1).put(1))
                .timeout(new Milliseconds(timeout.toMillis()));
        try {
            return new TcpStore(new TCPStore(host, options), host);
        } catch (RuntimeException e) {
            String what = server ? "cannot listen on port " + port : "cannot reach rank 0 at " + host + ":" + port;
            throw new FailureException(what + " within " + timeout.toSeconds() + " s: " + NativeErrors.firstLine(e), e);
        }
    }

    /**
     * The same connection with a prefix before every name, so that what was said under another is not seen. It takes the place
     * of this one, and closes it.
     */
    public TcpStore under(String prefix) {
        requireNoScope();
        return new TcpStore(this, prefix);
    }

    /** A native object made inside a scope would be freed with it. */
    static void requireNoScope() {
        if (Scope.isOpen()) {
            throw new IllegalStateException("expected no open scope: a world is made before the first one");
        }
    }

    /** Where the server listens: 1 to 65535. */
    public int port() {
        return raw.getPort() & PORT_BITS;
    }

    public String host() {
        return host;
    }

    /** @throws FailureException if the server cannot be reached */
    public void set(String key, String value) {
        try (PointerScope pointers = new PointerScope()) {
            handle.set(key, new ByteVector(value.getBytes(StandardCharsets.UTF_8)));
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    /** The value under a key, or empty while nobody has set it. @throws FailureException if the server cannot be reached */
    public Optional<String> find(String key) {
        try (PointerScope pointers = new PointerScope()) {
            if (!handle.check(new StringVector(key))) {
                return Optional.empty();
            }
            return Optional.of(new String(handle.get(key).get(), StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    private FailureException unreachable(RuntimeException e) {
        return new FailureException("rank 0 at " + host + " does not answer: " + NativeErrors.firstLine(e), e);
    }

    Store handle() {
        return handle;
    }

    @Override
    public void close() {
        handle.close();
        kept.forEach(Store::close);
    }
}
