package dev.jumbo.serve.observe;

import dev.jumbo.serve.observe.VersionCounts.Sum;
import dev.jumbo.serve.schedule.ComputeTimes;
import dev.jumbo.serve.schedule.Spent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one version of a model, under the names and with the meaning that Triton's documentation of metrics gives. */
final class ModelCounts {
    final long since = System.nanoTime();
    private volatile long last;
    private final Counter successes;
    private final Counter rows;
    private final Counter batches;
    private final Counter answering;
    private final Counter queue;
    private final Counter input;
    private final Counter infer;
    private final Counter output;
    private final LongAdder failing = new LongAdder();
    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<String, Counter> failures = new ConcurrentHashMap<>();

    /** By their size, which is at most that of a batch: in the statistics alone, not among the labels of metrics. */
    private final Map<Integer, Size> sizes = new ConcurrentSkipListMap<>();

    private static final class Size {
        private final LongAdder batches = new LongAdder();
        private final LongAdder input = new LongAdder();
        private final LongAdder infer = new LongAdder();
        private final LongAdder output = new LongAdder();
    }

    ModelCounts(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        successes = counter("nv_inference_request_success", "requests answered", tags);
        rows = counter("nv_inference_count", "rows of requests answered", tags);
        batches = counter("nv_inference_exec_count", "batches computed", tags);
        answering = counter("nv_inference_request_duration_us", "microseconds of requests from end to end", tags);
        queue = counter("nv_inference_queue_duration_us", "microseconds that requests waited", tags);
        input = counter("nv_inference_compute_input_duration_us", "microseconds in which inputs were made", tags);
        infer = counter("nv_inference_compute_infer_duration_us", "microseconds that requests were computed", tags);
        output = counter("nv_inference_compute_output_duration_us", "microseconds in which answers were made", tags);
        failures("OTHER");
    }

    private Counter failures(String reason) {
        return failures.computeIfAbsent(
                reason,
                missing -> counter("nv_inference_request_failure", "requests that failed", tags.and("reason", reason)));
    }

    private Counter counter(String name, String description, Tags labels) {
        return Counter.builder(name).description(description).tags(labels).register(registry);
    }

    /** A batch was computed. */
    void computed(int together, ComputeTimes times) {
        batches.increment();
        Size size = sizes.computeIfAbsent(together, missing -> new Size());
        size.batches.increment();
        size.input.add(times.input());
        size.infer.add(times.infer());
        size.output.add(times.output());
    }

    /** A request was answered. */
    void answered(Spent spent) {
        successes.increment();
        rows.increment(spent.rows());
        last = System.currentTimeMillis();
        answering.increment(micros(spent.all()));
        queue.increment(micros(spent.queue()));
        input.increment(micros(spent.input()));
        infer.increment(micros(spent.infer()));
        output.increment(micros(spent.output()));
    }

    /** A request was not. @param reason in Triton's words */
    void failed(String reason, Spent spent) {
        failures(reason).increment();
        failing.add(spent.all());
    }

    /** What was counted so far. @param key {@code MODEL/VERSION} */
    VersionCounts so(String key) {
        int slash = key.indexOf('/');
        long failed =
                (long) failures.values().stream().mapToDouble(Counter::count).sum();
        long answered = (long) successes.count();
        List<VersionCounts.Size> bySize = new ArrayList<>();
        sizes.forEach((together, size) -> {
            long count = size.batches.sum();
            bySize.add(new VersionCounts.Size(
                    together,
                    new Sum(count, size.input.sum()),
                    new Sum(count, size.infer.sum()),
                    new Sum(count, size.output.sum())));
        });
        return new VersionCounts(
                key.substring(0, slash),
                key.substring(slash + 1),
                last,
                (long) rows.count(),
                (long) batches.count(),
                new Sum(answered, nanos(answering)),
                new Sum(failed, failing.sum()),
                new Sum(answered, nanos(queue)),
                new Sum(answered, nanos(input)),
                new Sum(answered, nanos(infer)),
                new Sum(answered, nanos(output)),
                List.copyOf(bySize));
    }

    private static double micros(long nanos) {
        return nanos / 1e3;
    }

    private static long nanos(Counter micros) {
        return Math.round(micros.count() * 1e3);
    }

    void remove(MeterRegistry from) {
        List<Counter> all = new ArrayList<>(failures.values());
        all.addAll(List.of(successes, rows, batches, answering, queue, input, infer, output));
        all.forEach(from::remove);
    }
}
