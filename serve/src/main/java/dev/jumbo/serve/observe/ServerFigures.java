package dev.jumbo.serve.observe;

import com.linecorp.armeria.common.util.Exceptions;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.Lease;
import dev.jumbo.serve.repository.ModelControl;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Activity;
import dev.jumbo.serve.schedule.ComputeTimes;
import dev.jumbo.serve.schedule.Spent;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.tensor.NativeMemory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Figures of a server for Prometheus. Those of models have the names that Triton gives them ({@code nv_inference_...}, labels {@code
 * model} and {@code version}), so that existing dashboards work; those of the server begin with {@code jumbo_}, of the JVM with {@code
 * jvm_} and {@code process_}.
 *
 * <p>The number of series is bounded: models and versions become labels only where there is such a version, of the {@value #VERSIONS} that
 * came last; routes are those of the table, and callers are no labels.
 */
public final class ServerFigures implements Activity, AutoCloseable {
    private static final int VERSIONS = 256;

    /** Triton's counters do not end in _total, as those of Prometheus' clients must. */
    private static final Pattern TOTAL = Pattern.compile("\\b(nv_inference_\\w+)_total\\b");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, ModelCounts> models = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final MultiGauge ready = MultiGauge.builder("jumbo_model_ready")
            .description("1 where a version answers, and by which engine")
            .register(registry);

    public ServerFigures() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        // Counted when somebody asks: both walk through what there is.
        Gauge.builder("jumbo_tensors", NativeMemory::liveTensors)
                .description("tensors alive, those of loaded models too")
                .register(registry);
        Gauge.builder("jumbo_tensor_bytes", NativeMemory::liveBytes)
                .description("bytes of these tensors outside the heap")
                .register(registry);
        // Of HTTP's buffers.
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
            new NettyAllocatorMetrics(buffers).bindTo(registry);
        }
        Gauge.builder("process_resident_memory_bytes", ResidentMemory::bytes)
                .description("resident memory of the process, with that outside the heap")
                .register(registry);
    }

    /** Adds a figure that is asked for with every scrape. */
    public void gauge(String name, String description, IntSupplier value) {
        // A weak reference, as is usual, would be gone with the first collection.
        Gauge.builder(name, value, IntSupplier::getAsInt)
                .strongReference(true)
                .description(description)
                .register(registry);
    }

    /** Adds what a repository tells of loads and canaries. */
    void addRepository(ModelControl control) {
        registry.getPrometheusRegistry().register(new RepositoryFigures(control));
    }

    /** The figures as text. @param served the models whose state is told */
    public String text(ServedModels served) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (String model : served.names()) {
            for (String version : versions(served, model)) {
                if (rows.size() < VERSIONS) {
                    Tags tags = Tags.of("model", model, "version", version, "engine", engine(served, model, version));
                    rows.add(MultiGauge.Row.of(tags, 1));
                }
            }
        }
        ready.register(rows, true);
        return TOTAL.matcher(registry.scrape()).replaceAll("$1");
    }

    private static String engine(ServedModels served, String model, String version) {
        try (Lease lease = served.lease(model, version)) {
            return lease.model().engine().orElse("none");
        } catch (Refusal e) {
            return "none";
        }
    }

    private static List<String> versions(ServedModels served, String model) {
        try {
            return served.versions(model);
        } catch (Refusal e) {
            return List.of(); // it has gone since
        }
    }

    // ---- models -----------------------------------------------------------------------------------------------------

    @Override
    public void computed(ServedModel model, int rows, ComputeTimes times) {
        of(model).computed(rows, times);
    }

    @Override
    public void answered(ServedModel model, Spent spent, @Nullable Throwable failure) {
        if (failure == null) {
            of(model).answered(spent);
            return;
        }
        String reason = reason(Exceptions.peel(failure), spent.rows() > 0);
        if (reason != null) {
            of(model).failed(reason, spent);
        }
    }

    /**
     * Why a request failed, in Triton's words: REJECTED before it was computed, for want of place or time, CANCELED as nobody waited for it
     * any more, BACKEND in the model, OTHER anywhere else. A caller's mistake or quota is no failure of a model, as in Triton, which refuses
     * such requests before it counts any: null.
     */
    private static @Nullable String reason(Throwable cause, boolean decoded) {
        if (cause instanceof Refusal refusal) {
            return switch (refusal.reason()) {
                case UNAVAILABLE, DEADLINE -> "REJECTED";
                case NOT_FOUND, UNAUTHENTICATED, FORBIDDEN, QUOTA, TOO_LARGE, CONFLICT, UNSUPPORTED -> null;
            };
        }
        if (cause instanceof CancellationException) {
            return "CANCELED";
        }
        return cause instanceof InputException ? null : decoded ? "BACKEND" : "OTHER";
    }

    /** What was counted of each version, in the order of their names. */
    public List<VersionCounts> versions() {
        return models.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getValue().so(each.getKey()))
                .toList();
    }

    private ModelCounts of(ServedModel model) {
        String key = model.name() + "/" + model.version();
        ModelCounts counts = models.get(key);
        if (counts != null) {
            return counts;
        }
        if (models.size() >= VERSIONS) {
            forgetOne(key);
        }
        return models.computeIfAbsent(
                key, missing -> new ModelCounts(registry, Tags.of("model", model.name(), "version", model.version())));
    }

    private synchronized void forgetOne(String but) {
        Iterator<Map.Entry<String, ModelCounts>> all = models.entrySet().iterator();
        Map.Entry<String, ModelCounts> oldest = null;
        while (all.hasNext()) {
            Map.Entry<String, ModelCounts> next = all.next();
            if (!next.getKey().equals(but) && (oldest == null || next.getValue().since < oldest.getValue().since)) {
                oldest = next;
            }
        }
        if (oldest != null && models.remove(oldest.getKey(), oldest.getValue())) {
            oldest.getValue().remove(registry);
        }
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    /**
     * Counts a request of any protocol.
     *
     * @param route of the table of routes, not the path that was asked for
     */
    void request(String method, String route, int status, long received, long sent, long nanos) {
        count(
                "jumbo_requests",
                "requests answered",
                "method",
                method,
                "route",
                route,
                "status",
                Integer.toString(status));
        if (status >= 400) {
            count("jumbo_refusals", "requests not answered, by status", "reason", reason(status));
        }
        counter("jumbo_received_bytes", "bytes of bodies received").increment(received);
        counter("jumbo_sent_bytes", "bytes of bodies sent").increment(sent);
        timers.computeIfAbsent(
                        route,
                        missing -> Timer.builder("jumbo_request_duration")
                                .description("from the head of a request to the end of its answer")
                                .tag("route", route)
                                .serviceLevelObjectives(buckets())
                                .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private static Duration[] buckets() {
        return LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
                .mapToObj(Duration::ofMillis)
                .toArray(Duration[]::new);
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "bad_request";
            case 401 -> "unauthenticated";
            case 403 -> "forbidden";
            case 404, 405 -> "not_found";
            case 408 -> "slow";
            case 413, 414, 431 -> "too_large";
            case 415 -> "unsupported";
            case 429 -> "quota";
            case 503, 504 -> "unavailable";
            default -> status < 500 ? "other" : "error";
        };
    }

    private void count(String name, String description, String... tags) {
        counter(name, description, tags).increment();
    }

    private Counter counter(String name, String description, String... tags) {
        String key = tags.length == 0 ? name : name + String.join("|", tags);
        Counter known = counters.get(key);
        return known != null
                ? known
                : counters.computeIfAbsent(
                        key,
                        missing -> Counter.builder(name)
                                .description(description)
                                .tags(tags)
                                .register(registry));
    }

    @Override
    public void close() {
        registry.close();
    }
}
