package dev.jumbo.train.plan.machine;

import com.sun.management.OperatingSystemMXBean;
import dev.jumbo.error.FailureException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/**
 * What does not depend on a model: memory, disk, and the way between two processes.
 *
 * @param memory bytes
 * @param storage bytes a second that reach the disk
 * @param linkBytes bytes a second over the loopback, in one direction
 * @param linkLatency seconds of a message of one byte
 */
public record Machine(double memory, double storage, double linkBytes, double linkLatency) {
    private static final int FILE = 64 << 20;
    private static final int BLOCK = 1 << 20;
    private static final int MESSAGES = 200;
    private static final double NANO = 1e-9;

    public static Machine measure(Path directory) {
        try {
            double memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    ? system.getTotalMemorySize()
                    : Runtime.getRuntime().maxMemory();
            double storage = storage(directory);
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CompletableFuture<Void> peer = CompletableFuture.runAsync(() -> answer(server));
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    socket.setTcpNoDelay(true);
                    double latency = latency(socket);
                    double bytes = bandwidth(socket);
                    peer.join();
                    return new Machine(memory, storage, bytes, latency);
                }
            }
        } catch (IOException e) {
            throw new FailureException("cannot measure this machine: " + e.getMessage(), e);
        }
    }

    private static double storage(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "jumbo-plan", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
            long start = System.nanoTime();
            for (int i = 0; i < FILE / BLOCK; i++) {
                channel.write(block.rewind());
            }
            channel.force(true);
            return FILE / (NANO * (System.nanoTime() - start));
        } finally {
            Files.delete(file);
        }
    }

    /** Sends each of the single bytes back, then one for all that follows. */
    private static void answer(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < MESSAGES; i++) {
                out.write(in.readByte());
            }
            byte[] block = new byte[BLOCK];
            for (int i = 0; i < FILE / BLOCK; i++) {
                in.readFully(block);
            }
            out.write(1);
        } catch (IOException e) {
            throw new FailureException("the loopback does not answer: " + e.getMessage(), e);
        }
    }

    private static double latency(Socket socket) throws IOException {
        long start = 0;
        for (int i = 0; i < MESSAGES; i++) {
            start = i == MESSAGES / 2 ? System.nanoTime() : start;
            socket.getOutputStream().write(1);
            socket.getInputStream().read();
        }
        return NANO * (System.nanoTime() - start) / MESSAGES; // Half of them, there and back.
    }

    private static double bandwidth(Socket socket) throws IOException {
        byte[] block = new byte[BLOCK];
        long start = System.nanoTime();
        for (int i = 0; i < FILE / BLOCK; i++) {
            socket.getOutputStream().write(block);
        }
        socket.getInputStream().read();
        return FILE / (NANO * (System.nanoTime() - start));
    }
}
