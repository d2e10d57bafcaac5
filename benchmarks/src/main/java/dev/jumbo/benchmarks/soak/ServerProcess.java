package dev.jumbo.benchmarks.soak;

import dev.jumbo.benchmarks.RawConnection;
import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code jumbo serve} of a repository, with tokens and an admin port, as an operator starts it. */
final class ServerProcess implements AutoCloseable {
    static final String APP = "app-0123456789abcdef0123456789abcdef";
    static final String OPS = "ops-0123456789abcdef0123456789abcdef";

    final int port;
    final int adminPort;
    private final Path work;
    private final Process process;

    private ServerProcess(Path work, Process process, int port, int adminPort) {
        this.work = work;
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
    }

    /** Starts it and waits until it is ready. @param work has {@code models/}; logs and settings go beside them */
    static ServerProcess start(Path jumbo, Path work) throws IOException, InterruptedException {
        int port = freePort();
        int adminPort = freePort();
        writeTokens(work);
        Files.writeString(work.resolve("serve.yaml"), """
                serve:
                  port: %d
                  admin_port: %d
                  access: {tokens_file: %s}
                  repository: {mode: explicit, load: ["*"], settle_seconds: 0.5}
                  observe: {request_log: json, sample: 0.01}
                """.formatted(port, adminPort, work.resolve("tokens")));
        ProcessBuilder builder = new ProcessBuilder(
                jumbo.toString(),
                "serve",
                work.resolve("models").toString(),
                "--config",
                work.resolve("serve.yaml").toString());
        builder.environment()
                .merge("JUMBO_JAVA_OPTS", "-Xlog:gc:file=" + work.resolve("gc.log"), (own, gc) -> own + " " + gc);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(work.resolve("server.log").toFile())
                .start();
        ServerProcess started = new ServerProcess(work, process, port, adminPort);
        for (int i = 0; i < 1200; i++) {
            if (!process.isAlive()) {
                throw new FailureException("the server ended: " + Files.readString(work.resolve("server.log")));
            }
            if (started.isReady()) {
                return started;
            }
            Thread.sleep(100);
        }
        started.close();
        throw new FailureException("the server was not ready within two minutes; see " + work.resolve("server.log"));
    }

    private static void writeTokens(Path work) throws IOException {
        Path file = work.resolve("tokens");
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, "app infer,metrics plain:" + APP + "\nops admin,metrics plain:" + OPS + "\n");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    boolean isReady() {
        try (RawConnection connection = new RawConnection(port)) {
            return connection
                            .ask(RawConnection.request("GET", "/v2/health/ready", new byte[0]))
                            .status()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Path gcLog() {
        return work.resolve("gc.log");
    }

    Path log() {
        return work.resolve("server.log");
    }

    /** SIGHUP: it reads the files of tokens again. */
    void reload() throws IOException, InterruptedException {
        writeTokens(work);
        int status = new ProcessBuilder(List.of("kill", "-HUP", Long.toString(pid())))
                .start()
                .waitFor();
        if (status != 0) {
            throw new FailureException("the server cannot be told to reload: is it alive?");
        }
    }

    /**
     * What lives in the heap, in MiB: the JVM collects all garbage for it and lists what is left, by class.
     *
     * @param name of the list, beside the logs
     */
    double liveHeap(String name) throws IOException, InterruptedException {
        Path list = work.resolve(name + ".classes");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .redirectOutput(list.toFile())
                .start()
                .waitFor();
        List<String> lines = Files.readAllLines(list);
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        if (status != 0 || !last.startsWith("Total")) {
            throw new FailureException("jcmd GC.class_histogram ended with " + status + ": " + last);
        }
        return Double.parseDouble(last.strip().split("\\s+")[2]) / (1 << 20);
    }

    /** SIGTERM. @return the status with which it ended; -1 if it had to be killed */
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
