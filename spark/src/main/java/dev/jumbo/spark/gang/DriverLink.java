package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.WorkerExit;
import dev.jumbo.dist.launch.WorkerProcess;
import dev.jumbo.error.FailureException;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task's connection to the driver. Its end means that the worker is to end. */
final class DriverLink implements WorkerProcess.Output, AutoCloseable {
    private static final int CONNECT_MILLIS = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(DriverLink.class);

    /** Where the driver listens, and what it lets in. */
    record Address(String host, int port, String secret) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private final Socket socket;
    private final DataOutputStream out;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private boolean isToldEnd;

    private DriverLink(Socket socket) throws IOException {
        this.socket = socket;
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /** @throws FailureException if the driver cannot be reached */
    static DriverLink connect(Address driver, int rank, String host) {
        Socket socket = new Socket();
        try {
            socket.setKeepAlive(true);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(driver.host, driver.port), CONNECT_MILLIS);
            DriverLink link = new DriverLink(socket);
            link.send(new Message.Hello(driver.secret, rank, host));
            Thread listener = new Thread(link::listen, "jumbo-driver-link-" + rank);
            listener.setDaemon(true);
            listener.start();
            return link;
        } catch (IOException e) {
            throw new FailureException(
                    "rank " + rank + " on " + host + " cannot reach the driver at " + driver.host + ":" + driver.port
                            + " (" + e.getMessage()
                            + "): set spark.driver.host and spark.jumbo.port, and open that port",
                    e);
        }
    }

    /** The driver says nothing: it only ends the connection. */
    private void listen() {
        try {
            int received = socket.getInputStream().read();
            LOG.debug("the driver ended the connection ({})", received);
        } catch (IOException e) {
            LOG.debug("the connection to the driver broke", e);
        }
        ended.complete(null);
    }

    /** Done when the driver, or the way to it, is gone. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    private synchronized void send(Message message) {
        try {
            message.write(out);
        } catch (IOException e) {
            LOG.debug("the connection to the driver broke", e);
            ended.complete(null);
        }
    }

    @Override
    public void out(String line) {
        send(new Message.Out(line));
    }

    @Override
    public void err(String line) {
        send(new Message.Err(line));
    }

    /** Says how the worker ended, once. */
    synchronized void ended(WorkerExit exit) {
        if (!isToldEnd) {
            isToldEnd = true;
            send(new Message.Ended(exit));
        }
    }

    void gone() {
        send(new Message.Gone());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("cannot close the connection to the driver", e);
        }
    }
}
