package dev.jumbo.benchmarks.soak;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Starts {@code jumbo serve} of three models and keeps it under mixed load: callers who do everything right, callers who do each thing
 * wrong, an operator who swaps, unloads, tries canaries and reloads. Every ten seconds it looks at what the server takes, and says at the
 * end by how much that grows a minute, what came of the requests, and whether the server stays as it is.
 *
 * <p>{@code Soak JUMBO WORK MINUTES}: the launcher, an empty directory, and how long.
 */
public final class Soak {
    /** As much as a fresh server takes, at most so many times. */
    private static final double MOST = 2;

    private static final long PERIOD_MILLIS = 10_000;
    private static final int LEAST_SAMPLES = 9;

    /** A shorter run tells what grows for certain, not what is flat. */
    private static final double LONG_MINUTES = 20;

    /** Longer than the server keeps an idle connection. */
    private static final long QUIET_SECONDS = 20;

    private static final double LEFT = 2;

    /** What a process ends with that SIGTERM ended. */
    private static final int SIGTERM = 128 + 15;

    private final ServerProcess server;
    private final Outcomes outcomes = new Outcomes();
    private final List<Clients.Caller> callers = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();

    /** What lived in the heap: minutes and MiB, early and at the end. */
    private final List<double[]> heap = new ArrayList<>();

    private volatile boolean over;

    /**
     * What came of it.
     *
     * @param good whether nothing grew, nothing surprised, and the server ended as it was told to
     */
    public record Verdict(boolean good, String report) {}

    private Soak(ServerProcess server) {
        this.server = server;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            throw new InputException("expected JUMBO WORK MINUTES, received " + args.length + " arguments");
        }
        Verdict verdict = run(Path.of(args[0]), Path.of(args[1]), Double.parseDouble(args[2]));
        System.out.print(verdict.report());
        System.exit(verdict.good() ? 0 : 1);
    }

    /** @param work an empty directory; models, settings and logs go there */
    public static Verdict run(Path jumbo, Path work, double minutes) throws Exception {
        ModelFiles files = ModelFiles.make(jumbo, work);
        try (ServerProcess server = ServerProcess.start(jumbo, work)) {
            return new Soak(server).run(files, minutes);
        }
    }

    private Verdict run(ModelFiles files, double minutes) throws Exception {
        List<Question> questions = new ArrayList<>();
        for (String model : List.of("cnn", "table", "onnx")) {
            questions.add(Question.of(server, model));
        }
        callers.addAll(new Clients(server, outcomes, questions).all());
        for (Clients.Caller caller : callers) {
            caller.ask();
        }
        double fresh = Sample.of(server, 0).resident();
        server.liveHeap("fresh");
        // Two, so that what takes its time does not keep the others waiting.
        callers.add(new Misuses(server, outcomes, questions));
        callers.add(new Misuses(server, outcomes, questions));
        callers.add(new Operator(server, files, outcomes));
        List<Thread> threads = begin();
        watch(minutes);
        over = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        }
        callers.forEach(Clients.Caller::close);
        if (!server.isReady()) {
            throw new FailureException("the server is not ready after the load; see " + server.log());
        }
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        Sample after = Sample.of(server, minutes + QUIET_SECONDS / 60.0);
        heap.add(new double[] {minutes, server.liveHeap("end")});
        return verdict(fresh, after, server.stop());
    }

    private List<Thread> begin() {
        List<Thread> threads = new ArrayList<>();
        for (Clients.Caller caller : callers) {
            Thread thread = new Thread(() -> again(caller), "soak-" + threads.size());
            threads.add(thread);
            thread.start();
        }
        return threads;
    }

    private void again(Clients.Caller caller) {
        while (!over) {
            try {
                caller.ask();
                Thread.sleep(10);
            } catch (Exception e) { // whatever it is, it is a result
                outcomes.add(caller.getClass().getSimpleName(), "failed", Set.of(), e.toString());
            }
        }
    }

    private void watch(double minutes) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long period = Math.min(PERIOD_MILLIS, Math.round(minutes * 60_000 / LEAST_SAMPLES));
        for (int i = 1; i * period <= minutes * 60_000 + 1; i++) {
            long due = begin + TimeUnit.MILLISECONDS.toNanos(i * period);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            if (!server.isAlive()) {
                throw new FailureException("the server ended by itself: " + Files.readString(server.log()));
            }
            Sample sample = Sample.of(server, (System.nanoTime() - begin) / 60e9);
            samples.add(sample);
            if (heap.isEmpty() && sample.minutes() >= minutes / 6) {
                // Early enough that the heap, which a whole collection makes small, has its size again for the slopes.
                heap.add(new double[] {sample.minutes(), server.liveHeap("early")});
            }
            System.err.printf(Locale.ROOT, "%6.2f min %9d asked", sample.minutes(), outcomes.all());
            sample.figures().values().forEach(value -> System.err.printf(Locale.ROOT, " %8.1f", value));
            System.err.println();
        }
    }

    private Verdict verdict(double fresh, Sample after, int status) {
        StringBuilder report = new StringBuilder();
        double[] minutes = samples.stream().mapToDouble(Sample::minutes).toArray();
        boolean flat = true;
        for (String name : samples.get(0).figures().keySet()) {
            Trend trend = Trend.of(
                    name,
                    minutes,
                    samples.stream()
                            .map(Sample::figures)
                            .mapToDouble(figures -> value(figures, name))
                            .toArray());
            report.append(trend).append('\n');
            boolean good = minutes[minutes.length - 1] < LONG_MINUTES ? !trend.isGrowing() : trend.isFlat();
            flat &= good || !Sample.JUDGED.contains(name);
        }
        double perMinute = (heap.get(1)[1] - heap.get(0)[1]) / (heap.get(1)[0] - heap.get(0)[0]);
        Trend live = new Trend("live heap, MiB", heap.get(1)[1], perMinute, 0);
        report.append(live).append('\n');
        flat &= live.isFlat() || minutes[minutes.length - 1] < LONG_MINUTES;
        double most = samples.subList(samples.size() / 3, samples.size()).stream()
                .mapToDouble(Sample::resident)
                .max()
                .orElse(Double.NaN);
        report.append(String.format(
                Locale.ROOT,
                "resident: %.0f MiB after the first round of requests, %.0f at the most in the last two thirds: %.2f times%n",
                fresh,
                most,
                most / fresh));
        double left = value(after.figures(), Sample.CONNECTIONS);
        report.append(String.format(
                Locale.ROOT,
                "%d s after the load: resident %.0f MiB, %.0f connections%n",
                QUIET_SECONDS,
                after.resident(),
                left));
        outcomes.lines().forEach(line -> report.append(line).append('\n'));
        outcomes.shown()
                .forEach(line -> report.append("unexpected: ").append(line).append('\n'));
        report.append(outcomes.all())
                .append(" asked, ")
                .append(outcomes.surprises())
                .append(" unexpected; SIGTERM: ended with ")
                .append(status)
                .append('\n');
        boolean good = flat && left <= LEFT && most <= MOST * fresh && outcomes.surprises() == 0 && status == SIGTERM;
        report.append("verdict: ")
                .append(good ? "stays as it is" : "does NOT stay as it is")
                .append('\n');
        return new Verdict(good, report.toString());
    }

    private static double value(Map<String, Double> figures, String name) {
        return figures.getOrDefault(name, Double.NaN);
    }
}
