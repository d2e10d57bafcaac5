package dev.jumbo.benchmarks;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * A load on any HTTP server: so many clients, each with a connection of its own, send one request again and again, the next when the answer
 * to the last is there. Nothing is parsed but lengths and the status, so that a core is enough for it.
 *
 * <p>{@code ServeLoad PORT PATH TYPE BODY_FILE CLIENTS WARM_SECONDS SECONDS [HEADER: VALUE ...]}
 */
public final class ServeLoad {
    private final int port;
    private final byte[] request;
    private final AtomicLong errors = new AtomicLong();
    private volatile boolean counts;
    private volatile boolean over;

    private ServeLoad(int port, byte[] request) {
        this.port = port;
        this.request = request;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length < 7) {
            throw new InputException(
                    "expected PORT PATH TYPE BODY_FILE CLIENTS WARM_SECONDS SECONDS [HEADER ...], received "
                            + args.length + " arguments");
        }
        byte[] body = Files.readAllBytes(Path.of(args[3]));
        List<String> headers = new ArrayList<>(List.of("Content-Type: " + args[2]));
        headers.addAll(List.of(args).subList(7, args.length));
        byte[] request = RawConnection.request("POST", args[1], body, headers.toArray(String[]::new));
        new ServeLoad(Integer.parseInt(args[0]), request)
                .run(Integer.parseInt(args[4]), Double.parseDouble(args[5]), Double.parseDouble(args[6]));
    }

    private void run(int clients, double warm, double seconds) throws InterruptedException {
        List<Times> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Times times = new Times();
            all.add(times);
            Thread thread = new Thread(() -> ask(times), "client-" + i);
            threads.add(thread);
            thread.start();
        }
        Thread.sleep(Math.round(warm * 1000));
        counts = true;
        long begin = System.nanoTime();
        Thread.sleep(Math.round(seconds * 1000));
        over = true;
        double took = (System.nanoTime() - begin) / 1e9;
        for (Thread thread : threads) {
            thread.join(10_000);
        }
        long[] sorted = all.stream().flatMapToLong(Times::stream).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "{\"clients\":%d,\"per_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"answers\":%d,\"errors\":%d}%n",
                clients,
                sorted.length / took,
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 1),
                sorted.length,
                errors.get());
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))] / 1e6;
    }

    private void ask(Times times) {
        try (RawConnection connection = new RawConnection(port)) {
            while (!over) {
                long begin = System.nanoTime();
                int status = connection.ask(request).status();
                long took = System.nanoTime() - begin;
                if (status != 200) {
                    errors.incrementAndGet();
                } else if (counts && !over) {
                    times.add(took);
                }
            }
        } catch (IOException e) {
            errors.incrementAndGet();
        }
    }

    /** What one client measured, in nanoseconds. */
    private static final class Times {
        private long[] values = new long[1 << 12];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        LongStream stream() {
            return Arrays.stream(values, 0, size);
        }
    }
}
