package dev.jumbo.serve.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted of one version of a model, under the names and with the meaning that Triton's documentation of metrics gives. */
final class ModelCounts {
    final long since = System.nanoTime();
    volatile long last;
    final Counter successes;
    final Counter rows;
    final Counter batches;
    final Counter answering;
    final Counter waiting;
    final Counter computing;
    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<String, Counter> failures = new ConcurrentHashMap<>();

    ModelCounts(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        successes = counter("nv_inference_request_success", "requests answered", tags);
        rows = counter("nv_inference_count", "rows computed, each row of a batch by itself", tags);
        batches = counter("nv_inference_exec_count", "batches computed", tags);
        answering = counter("nv_inference_request_duration_us", "microseconds of requests from end to end", tags);
        waiting = counter("nv_inference_queue_duration_us", "microseconds that requests waited", tags);
        computing = counter("nv_inference_compute_infer_duration_us", "microseconds that requests were computed", tags);
        failures("OTHER");
    }

    Counter failures(String reason) {
        return failures.computeIfAbsent(
                reason,
                missing -> counter("nv_inference_request_failure", "requests that failed", tags.and("reason", reason)));
    }

    private Counter counter(String name, String description, Tags labels) {
        return Counter.builder(name).description(description).tags(labels).register(registry);
    }

    /** What was counted so far. @param key {@code MODEL/VERSION} */
    VersionCounts so(String key) {
        int slash = key.indexOf('/');
        double failed = failures.values().stream().mapToDouble(Counter::count).sum();
        return new VersionCounts(
                key.substring(0, slash),
                key.substring(slash + 1),
                last,
                (long) successes.count(),
                nanos(answering),
                (long) failed,
                nanos(waiting),
                (long) rows.count(),
                (long) batches.count(),
                nanos(computing));
    }

    private static long nanos(Counter micros) {
        return (long) (micros.count() * 1000);
    }

    void remove(MeterRegistry from) {
        List<Counter> all = new ArrayList<>(failures.values());
        all.addAll(List.of(successes, rows, batches, answering, waiting, computing));
        all.forEach(from::remove);
    }
}
