package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that are made and that their callers do not take: of HTTP/1.1 as they do not read, of HTTP/2 as they give no window. An answer of
 * N bytes may wait for a time of patience and as long as a body of N bytes may take to come; all of them together take so many bytes at most,
 * or the connection whose answer has waited longest is closed.
 */
public final class UnsentAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(UnsentAnswers.class);
    private static final AttributeKey<AtomicInteger> MESSAGE = AttributeKey.valueOf(UnsentAnswers.class, "MESSAGE");
    private static final AttributeKey<Boolean> LEFT = AttributeKey.valueOf(UnsentAnswers.class, "LEFT");
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long most;
    private final long patienceNanos;
    private final int leastRate;
    private long looked = System.nanoTime();

    /**
     * @param most bytes of all
     * @param patience how long an answer may wait however short it is
     * @param leastRate bytes a second with which an answer is taken; 0 for any
     */
    public UnsentAnswers(long most, Duration patience, int leastRate) {
        this.most = most;
        patienceNanos = patience.toNanos();
        this.leastRate = leastRate;
    }

    /** Leaves a stream, whose answer may take any time, to its service, which may {@link #giveUp give it up}. */
    public static void leave(ServiceRequestContext ctx) {
        ctx.setAttr(LEFT, true);
    }

    /** A stream that its service has given up: what it has not sent may wait no longer. */
    public static void giveUp(ServiceRequestContext ctx) {
        ctx.setAttr(LEFT, null);
    }

    /** An answer in messages, as gRPC's are, whose length no header says: the next one is asked for when the last is sent. */
    public static HttpResponse counted(ServiceRequestContext ctx, HttpResponse messages) {
        AtomicInteger length = new AtomicInteger();
        ctx.setAttr(MESSAGE, length);
        return messages.peekData((HttpData data) -> length.set(data.length()));
    }

    /** Closes connections that take too long, or too much. @param active requests that are not done @param now as of {@link System#nanoTime} */
    void watch(Collection<ServiceRequestContext> active, long now) {
        if (now - looked < EVERY_NANOS) {
            return;
        }
        looked = now;
        long bytes = 0;
        long longest = -1;
        Channel slowest = null;
        for (ServiceRequestContext ctx : active) {
            Channel channel = ctx.log().partial().channel();
            long length = length(ctx);
            if (length < 0 || channel == null) {
                continue; // there is no answer yet
            }
            bytes += length;
            long waited = now - ctx.log().partial().responseStartTimeNanos();
            boolean left = ctx.attr(LEFT) != null;
            if (!left && leastRate > 0 && waited > patienceNanos + TimeUnit.SECONDS.toNanos(length) / leastRate) {
                close(channel, length, waited);
            } else if (waited > longest) {
                longest = waited;
                slowest = channel;
            }
        }
        if (bytes > most && slowest != null) {
            close(slowest, bytes, longest);
        }
    }

    /** Closes the connection for which most waits, where all of them together take too much: answers, or replies that are none. */
    void watchAll(Stream<Channel> open) {
        long bytes = 0;
        long largest = 0;
        Channel worst = null;
        for (Channel channel : (Iterable<Channel>) open::iterator) {
            long waiting = UnreadReplies.waiting(channel);
            bytes += waiting;
            if (waiting > largest) {
                largest = waiting;
                worst = channel;
            }
        }
        if (bytes > most && worst != null) {
            LOG.debug("a connection is closed: {} bytes of {} wait for it", largest, bytes);
            UnreadReplies.cutOff(worst);
        }
    }

    /** Bytes of an answer that may not be sent yet; -1 where there is none. */
    private static long length(ServiceRequestContext ctx) {
        RequestLog begun =
                ctx.log().getIfAvailable(RequestLogProperty.RESPONSE_HEADERS, RequestLogProperty.RESPONSE_START_TIME);
        if (begun == null) {
            return -1;
        }
        @Nullable AtomicInteger message = ctx.attr(MESSAGE);
        return message == null ? Math.max(0, begun.responseHeaders().contentLength()) : message.get();
    }

    private static void close(Channel channel, long bytes, long waited) {
        LOG.debug("a connection is closed: {} bytes of answers are not taken in {} ms", bytes, waited / 1_000_000);
        UnreadReplies.cutOff(channel);
    }
}
