package dev.jumbo;

import dev.jumbo.dist.Environment;
import dev.jumbo.dist.Rendezvous;
import dev.jumbo.dist.World;
import dev.jumbo.dist.Worlds;
import dev.jumbo.tensor.Device;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Processes that run a main class together, each with the environment of torchrun, in which {@link #join} finds the
 * others. None of them outlives a call.
 */
public final class Workers {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private Workers() {}

    /**
     * How a process ended.
     *
     * @param exit its status, or -1 for one that had to be ended after two minutes
     * @param output what it wrote to both streams
     */
    public record Ended(int exit, String output) {}

    /** Runs a main class on so many processes, and waits for them. @return in the order of the ranks */
    public static List<Ended> run(int size, Class<?> program, String... arguments) {
        List<Process> processes = new ArrayList<>();
        try {
            int port = freePort();
            for (int rank = 0; rank < size; rank++) {
                processes.add(start(rank, size, port, program, List.of(arguments)));
            }
            List<CompletableFuture<String>> outputs = processes.stream()
                    .map(process -> CompletableFuture.supplyAsync(() -> read(process)))
                    .toList();
            List<Ended> ended = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int rank = 0; rank < size; rank++) {
                Process process = processes.get(rank);
                boolean done = process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (!done) {
                    processes.forEach(Process::destroyForcibly);
                }
                ended.add(new Ended(
                        done ? process.exitValue() : -1, outputs.get(rank).join()));
            }
            return ended;
        } catch (IOException e) {
            throw new IllegalStateException("cannot start a worker", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for workers", e);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    /** In such a process: meets the others. Call it before the first scope is opened. */
    public static World join() {
        return Worlds.join(
                Environment.placement(System.getenv()).orElseThrow(),
                Rendezvous.fixed(),
                Device.CPU,
                Duration.ofSeconds(20));
    }

    private static Process start(int rank, int size, int port, Class<?> program, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "RANK", Integer.toString(rank),
                        "WORLD_SIZE", Integer.toString(size),
                        "LOCAL_RANK", Integer.toString(rank),
                        "LOCAL_WORLD_SIZE", Integer.toString(size),
                        "MASTER_ADDR", "127.0.0.1",
                        "MASTER_PORT", Integer.toString(port),
                        "OMP_NUM_THREADS", "1"));
        return builder.start();
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "[output lost: " + e + "]";
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
