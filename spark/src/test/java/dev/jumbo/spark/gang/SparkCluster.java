package dev.jumbo.spark.gang;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;

/** A standalone cluster of Spark on this machine: a master and workers, each in a process, from the jars of the tests. */
final class SparkCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Path home;
    private final int port;
    private final List<Process> processes = new ArrayList<>();

    private SparkCluster(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    /** @param home an empty directory that becomes SPARK_HOME */
    static SparkCluster start(Path home, int workers) throws IOException, InterruptedException {
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            // Without a binding of slf4j, they write no logs.
            if (entry.endsWith(".jar") && !entry.contains("logback") && !entry.contains("bytedeco")) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 0, InetAddress.getByName(HOST))) {
            port = free.getLocalPort();
        }
        SparkCluster cluster = new SparkCluster(home, port);
        try {
            cluster.launch(
                    "org.apache.spark.deploy.master.Master", "--host", HOST, "--port", "" + port, "--webui-port", "0");
            cluster.awaitMaster();
            for (int worker = 0; worker < workers; worker++) {
                cluster.launch(
                        "org.apache.spark.deploy.worker.Worker",
                        "--host",
                        HOST,
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--webui-port",
                        "0",
                        "--work-dir",
                        home.resolve("work-" + worker).toString(),
                        cluster.url());
            }
        } catch (IOException | InterruptedException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    String url() {
        return "spark://" + HOST + ":" + port;
    }

    private void launch(String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", home.resolve("jars") + "/*", main));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SPARK_HOME", home.toString());
        // Spark's own scripts set it; without it executors cannot be started.
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", HOST);
        builder.redirectErrorStream(true)
                .redirectOutput(
                        home.resolve("daemon-" + processes.size() + ".log").toFile());
        processes.add(builder.start());
    }

    private void awaitMaster() throws InterruptedException {
        for (int attempt = 0; attempt < 600; attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(HOST, port), 1000);
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("the master does not start; see " + home.resolve("daemon-0.log"));
    }

    @Override
    public void close() {
        for (Process each : processes) {
            List<ProcessHandle> family = new ArrayList<>(each.descendants().toList());
            family.add(each.toHandle());
            family.forEach(ProcessHandle::destroyForcibly);
            family.forEach(handle -> handle.onExit().join());
        }
    }
}
