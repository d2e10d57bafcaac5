package dev.jumbo.serve.observe;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts spans that a collector did not take, and those for which there was no place in the queue; the log has a line a minute at most. */
final class LostSpans {
    private static final Logger LOG = LoggerFactory.getLogger(LostSpans.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final URI target;
    private final long most;
    private final AtomicLong ended = new AtomicLong();
    private long handled;
    private long lost;
    private long told = System.nanoTime() - MINUTE;

    /** @param most spans that may be on their way: those beyond were dropped */
    LostSpans(URI target, long most) {
        this.target = target;
        this.most = most;
    }

    /** Counts what goes into a queue. */
    SpanProcessor counting(SpanProcessor queue) {
        return new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {
                queue.onStart(parent, span);
            }

            @Override
            public boolean isStartRequired() {
                return queue.isStartRequired();
            }

            @Override
            public void onEnd(ReadableSpan span) {
                if (span.getSpanContext().isSampled()) {
                    ended.incrementAndGet();
                }
                queue.onEnd(span);
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }

            @Override
            public CompletableResultCode shutdown() {
                return queue.shutdown();
            }

            @Override
            public CompletableResultCode forceFlush() {
                return queue.forceFlush();
            }
        };
    }

    /** Counts what comes out of it, and whether it is taken. */
    SpanExporter counting(SpanExporter exporter) {
        return new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                CompletableResultCode result;
                try {
                    result = exporter.export(spans);
                } catch (RuntimeException e) { // whatever it is, no request has anything to do with it
                    LOG.debug("spans were not sent", e);
                    result = CompletableResultCode.ofFailure();
                }
                CompletableResultCode sent = result;
                return sent.whenComplete(() -> handled(spans.size(), sent.isSuccess()));
            }

            @Override
            public CompletableResultCode flush() {
                return exporter.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return exporter.shutdown();
            }
        };
    }

    private synchronized void handled(int spans, boolean taken) {
        handled += spans;
        lost += taken ? 0 : spans;
        long dropped = ended.get() - handled - most;
        if (dropped > 0) {
            handled += dropped;
            lost += dropped;
        }
        long now = System.nanoTime();
        if (lost > 0 && now - told >= MINUTE) {
            told = now;
            LOG.warn(
                    "{} spans were lost: the collector at {}:{} does not take them, or not as fast as they come; requests are"
                            + " answered all the same",
                    lost,
                    target.getHost(),
                    target.getPort());
            lost = 0;
        }
    }
}
