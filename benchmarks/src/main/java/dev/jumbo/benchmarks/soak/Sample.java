package dev.jumbo.benchmarks.soak;

import dev.jumbo.benchmarks.RawConnection;
import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server takes at one moment.
 *
 * @param minutes since the load began
 * @param figures by name; memory in MiB
 */
record Sample(double minutes, Map<String, Double> figures) {
    static final String RESIDENT = "resident, MiB";
    static final String CONNECTIONS = "connections";
    private static final String NATIVE = "resident, not heap, MiB";
    private static final String HEAP = "heap behind a young GC, MiB";
    private static final String TENSORS = "tensors, MiB";
    private static final String BUFFERS = "buffers of sockets, MiB";
    private static final String FILES = "descriptors, no connections";
    private static final String THREADS = "threads";

    /** Those that must not grow. The heap behind a young collection has old garbage in it: what lives in it is asked for by itself. */
    static final Set<String> JUDGED = Set.of(RESIDENT, NATIVE, TENSORS, BUFFERS, FILES, THREADS);

    private static final Pattern COLLECTED = Pattern.compile("->(\\d+)M\\(\\d+M\\)");
    private static final int LINES = 40;

    /** Reads the system's files, the server's figures, and the log of its collector. */
    static Sample of(ServerProcess server, double minutes) throws IOException {
        Path of = Path.of("/proc/" + server.pid());
        List<String> status = Files.readAllLines(of.resolve("status"));
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(RESIDENT, status(status, "VmRSS") / 1024);
        String metrics = metrics(server);
        double heap = sum(metrics, "jvm_memory_committed_bytes", "area=\"heap\"");
        figures.put(NATIVE, status(status, "RssAnon") / 1024 - heap / (1 << 20));
        figures.put(HEAP, afterCollection(server.gcLog()));
        figures.put("heap committed, MiB", heap / (1 << 20));
        figures.put("JVM beside heap, MiB", sum(metrics, "jvm_memory_committed_bytes", "area=\"nonheap\"") / (1 << 20));
        figures.put(TENSORS, sum(metrics, "jumbo_tensor_bytes", "") / (1 << 20));
        figures.put("tensors", sum(metrics, "jumbo_tensors", ""));
        double buffers = sum(metrics, "netty_allocator_memory_used", "memory_type=\"direct\"");
        figures.put(BUFFERS, buffers / (1 << 20));
        double connections = sum(metrics, "jumbo_connections", "");
        try (Stream<Path> open = Files.list(of.resolve("fd"))) {
            figures.put(FILES, open.count() - connections);
        }
        figures.put(THREADS, status(status, "Threads"));
        figures.put(CONNECTIONS, connections);
        return new Sample(minutes, figures);
    }

    private static double status(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + ":"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new FailureException("expected " + key + " in /proc/PID/status: it takes Linux"));
    }

    private static String metrics(ServerProcess server) throws IOException {
        try (RawConnection connection = new RawConnection(server.port)) {
            RawConnection.Answer answer = connection.ask(RawConnection.request(
                    "GET", "/metrics", new byte[0], "Authorization: Bearer " + ServerProcess.APP));
            if (answer.status() != 200) {
                throw new FailureException("expected the server's figures, received " + answer.text());
            }
            return answer.text();
        }
    }

    /** All series of a name and a label. */
    private static double sum(String metrics, String name, String label) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The least that the last collections left: what is garbage that was not looked at yet is not counted. */
    private static double afterCollection(Path log) throws IOException {
        List<Double> left = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = COLLECTED.matcher(line);
            if (matcher.find()) {
                left.add(Double.parseDouble(Objects.requireNonNull(matcher.group(1))));
            }
        }
        return left.subList(Math.max(0, left.size() - LINES), left.size()).stream()
                .mapToDouble(each -> each)
                .min()
                .orElse(0);
    }

    double resident() {
        return Objects.requireNonNull(figures.get(RESIDENT));
    }
}
