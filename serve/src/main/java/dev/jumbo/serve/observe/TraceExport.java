package dev.jumbo.serve.observe;

import dev.jumbo.serve.wire.ServerInfo;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Sends spans by OTLP over HTTP, in batches and on threads of its own: a request leaves its span in a queue that is bounded and goes on,
 * whatever becomes of the collector. Headers for it, such as a token, are in {@code OTEL_EXPORTER_OTLP_HEADERS}, as OpenTelemetry has it.
 */
final class TraceExport implements AutoCloseable {
    /** Its own logs, which tell of each failure and each overflow, where ours has a line a minute. Kept, or their level would be forgotten. */
    private static final List<Logger> ITS_OWN = Stream.of(
                    "io.opentelemetry.exporter", "io.opentelemetry.sdk.trace.export")
            .map(Logger::getLogger)
            .toList();

    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final long END_SECONDS = 2;
    private static final int BATCH = 512;
    private final SdkTracerProvider provider;

    TraceExport(TracesConfig config) {
        ITS_OWN.forEach(log -> log.setLevel(Level.OFF));
        URI target = config.target();
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(target.toString())
                .setCompression("gzip")
                .setConnectTimeout(CONNECT)
                .setTimeout(TIMEOUT)
                .setRetryPolicy(null); // while one batch is tried again, the queue would overflow
        TraceHeaders.of(System.getenv(HEADERS)).forEach(exporter::addHeader);
        LostSpans losses = new LostSpans(target, (long) config.queue() + BATCH);
        Resource resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        config.serviceName(),
                        AttributeKey.stringKey("service.version"),
                        ServerInfo.version())));
        provider = SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sample())))
                .addSpanProcessor(losses.counting(BatchSpanProcessor.builder(losses.counting(exporter.build()))
                        .setScheduleDelay(DELAY)
                        .setMaxQueueSize(config.queue())
                        .setMaxExportBatchSize(Math.min(BATCH, config.queue()))
                        .setExporterTimeout(TIMEOUT)
                        .build()))
                .build();
    }

    TracerProvider provider() {
        return provider;
    }

    /** Sends what waits, for {@value #END_SECONDS} seconds at most. */
    @Override
    public void close() {
        provider.shutdown().join(END_SECONDS, TimeUnit.SECONDS);
    }
}
