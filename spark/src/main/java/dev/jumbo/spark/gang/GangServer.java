package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.Exits;
import dev.jumbo.dist.launch.WorkerExit;
import dev.jumbo.dist.launch.WorkerProcess;
import dev.jumbo.error.FailureException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's side of the connections to the tasks of one start. Closing it ends all workers. */
final class GangServer implements AutoCloseable {
    private static final int SECRET_BITS = 128;

    /** Who connects without the secret has this long to be refused. */
    private static final int HELLO_MILLIS = 10_000;

    /** How long nodes have to say that their workers are gone: a worker has 5 s to end by itself. */
    private static final long GONE_MILLIS = 15_000;

    private static final Logger LOG = LoggerFactory.getLogger(GangServer.class);

    private final String secret = new BigInteger(SECRET_BITS, new SecureRandom()).toString(Character.MAX_RADIX);
    private final ServerSocket server;
    private final String host;
    private final IntFunction<WorkerProcess.Output> output;
    private final Exits exits = new Exits();
    private final Set<Socket> connected = new HashSet<>();
    private boolean closed;

    private GangServer(ServerSocket server, String host, IntFunction<WorkerProcess.Output> output) {
        this.server = server;
        this.host = host;
        this.output = output;
    }

    /**
     * Listens.
     *
     * @param host under which nodes reach this machine
     * @param bind the address to listen at
     * @param port 0 for any
     * @param output takes the lines of a rank
     */
    static GangServer open(String host, String bind, int port, IntFunction<WorkerProcess.Output> output) {
        try {
            ServerSocket socket = new ServerSocket(port, 0, InetAddress.getByName(bind));
            GangServer server = new GangServer(socket, host, output);
            server.start(server::accept, "jumbo-gang-server");
            return server;
        } catch (IOException e) {
            throw new FailureException("cannot listen at " + bind + ":" + port + " for workers: " + e.getMessage(), e);
        }
    }

    DriverLink.Address address() {
        return new DriverLink.Address(host, server.getLocalPort(), secret);
    }

    /** Says that no more can be expected of any rank, as when Spark gives up. */
    void fail(String why) {
        exits.addAll("the cluster", new WorkerExit(WorkerExit.LOST, why));
    }

    /** Waits until all workers are done, or one is not. @return empty if all are done */
    Optional<Exits.Failure> await(int size) throws InterruptedException {
        return exits.await(size);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                start(() -> serve(socket), "jumbo-gang-task");
            } catch (IOException e) {
                LOG.debug("no more connections", e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            socket.setSoTimeout(HELLO_MILLIS);
            socket.setKeepAlive(true);
            if (Message.read(in) instanceof Message.Hello hello && isSecret(hello.secret()) && add(socket)) {
                socket.setSoTimeout(0);
                try {
                    listen(hello, in);
                } finally {
                    remove(socket);
                }
            }
        } catch (IOException e) {
            LOG.debug("a connection was refused or has ended", e);
        }
    }

    private boolean isSecret(String text) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }

    /** Until the task says that its worker is gone, or nothing more. */
    private void listen(Message.Hello task, DataInputStream in) {
        WorkerProcess.Output lines = output.apply(task.rank());
        try {
            for (Message next = Message.read(in); !(next instanceof Message.Gone); next = Message.read(in)) {
                if (next instanceof Message.Out line) {
                    lines.out(line.line());
                } else if (next instanceof Message.Err line) {
                    lines.err(line.line());
                } else if (next instanceof Message.Ended ended) {
                    exits.add(task.rank(), task.host(), ended.exit());
                }
            }
        } catch (IOException e) {
            LOG.debug("the connection of rank {} broke", task.rank(), e);
        }
        // Where the worker's end was told, this comes second and does not count.
        exits.add(
                task.rank(),
                task.host(),
                new WorkerExit(WorkerExit.LOST, "its Spark executor ended, or cannot be reached"));
    }

    private synchronized boolean add(Socket socket) {
        return !closed && connected.add(socket);
    }

    private synchronized void remove(Socket socket) {
        connected.remove(socket);
        notifyAll();
    }

    private void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells all tasks to end their workers, and waits until they have. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("cannot close the server", e);
        }
        synchronized (this) {
            closed = true;
            for (Socket each : connected) {
                try {
                    each.shutdownOutput();
                } catch (IOException e) {
                    LOG.debug("a connection has ended already", e);
                }
            }
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GONE_MILLIS);
            try {
                for (long left = GONE_MILLIS; left > 0 && !connected.isEmpty(); ) {
                    wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
