package dev.jumbo.serve.http;

import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refusing must not cost what answering does. A connection of HTTP/1.1 that was told that a model is full, and asks the same again before
 * {@code Retry-After} is over while that model still refuses others, gets the same answer at once: its head is compared, its body thrown away,
 * and nothing else is done. Whoever asks for something else, or by another token, priority or deadline, goes the usual way.
 *
 * <p>A connection that is never refused never has this. It stands behind the codec, and nothing may be under way on the connection when
 * it answers, so that answers keep their order.
 */
final class RefusedAgain extends ChannelDuplexHandler {
    private static final AttributeKey<Refused> REFUSED = AttributeKey.valueOf(RefusedAgain.class, "REFUSED");

    /** {@code Retry-After} is a second at least; the usual way is gone once a second. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long MOST_BODY = 1 << 20;

    /** Headers that differ from request to request and have no say in whether there is room. */
    private static final List<AsciiString> PASSED_OVER = List.of(
            HttpHeaderNames.CONTENT_LENGTH,
            AsciiString.cached("traceparent"),
            AsciiString.cached("tracestate"),
            AsciiString.cached("x-request-id"));

    /** What a request was told. */
    record Refused(String message, BooleanSupplier still) {}

    /** An answer, and until when it may be given again to the same request. */
    private record Answer(
            HttpRequest request,
            HttpResponseStatus status,
            HttpHeaders headers,
            byte[] body,
            BooleanSupplier still,
            long until,
            Repeats.Counted counted) {
        boolean isFor(HttpRequest asked) {
            return System.nanoTime() - until < 0
                    && still.getAsBoolean()
                    && asked.decoderResult().isSuccess()
                    && asked.method().equals(request.method())
                    && asked.uri().equals(request.uri())
                    && HttpVersion.HTTP_1_1.equals(asked.protocolVersion())
                    && HttpUtil.getContentLength(asked, MOST_BODY + 1) <= MOST_BODY
                    && same(asked.headers(), request.headers());
        }
    }

    private final BooleanSupplier usual;
    private @Nullable HttpRequest last;
    private @Nullable Answer answer;
    private boolean finalHead;

    /** Requests that went the usual way and are not answered. */
    private int open;

    private boolean refusing;
    private long begun;
    private long received;
    private boolean written;

    RefusedAgain(BooleanSupplier usual) {
        this.usual = usual;
    }

    /** Notes why a request is refused. */
    static void refused(ServiceRequestContext ctx, String message, BooleanSupplier still) {
        ctx.setAttr(REFUSED, new Refused(message, still));
    }

    /**
     * Keeps an answer that was sent, if it may be given again; call it on the connection's thread, with nothing under way on it.
     *
     * @param usual whether the connection and the server are as usual, and not about to end
     */
    static void keep(
            Channel channel, ServiceRequestContext ctx, RequestLog log, BooleanSupplier usual, Repeats repeats) {
        Refused refused = ctx.attr(REFUSED);
        if (refused == null || ctx.sessionProtocol().isMultiplex()) {
            return;
        }
        Repeats.Counted counted = repeats.counted(ctx, log);
        if (counted == null) {
            return;
        }
        RefusedAgain handler = channel.pipeline().get(RefusedAgain.class);
        if (handler != null) {
            handler.keep(refused, log.responseHeaders(), counted);
            return;
        }
        // From here on it sees the heads, and the next refusal is kept.
        String codec = channel.pipeline().names().stream()
                .filter(name -> channel.pipeline().get(name) instanceof CombinedChannelDuplexHandler<?, ?>)
                .findFirst()
                .orElse(null);
        if (codec != null) {
            ChannelHandler added = new RefusedAgain(usual);
            channel.pipeline().addAfter(codec, null, added);
        }
    }

    void keep(Refused refused, ResponseHeaders said, Repeats.Counted counted) {
        HttpRequest request = last;
        if (open != 0 || request == null) {
            return;
        }
        byte[] body = Responses.errorBody(refused.message());
        HttpHeaders headers = new DefaultHttpHeaders();
        said.forEach((name, value) -> {
            if (!name.toString().startsWith(":") && !HttpHeaderNames.DATE.contentEqualsIgnoreCase(name)) {
                headers.add(name, value);
            }
        });
        headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        answer = new Answer(
                request,
                HttpResponseStatus.valueOf(said.status().code()),
                headers,
                body,
                refused.still(),
                System.nanoTime() + MOST_NANOS,
                counted);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!refusing && message instanceof HttpRequest request) {
            if (open == 0 && answer != null && answer.isFor(request) && usual.getAsBoolean()) {
                refusing = true;
                begun = System.nanoTime();
                received = 0;
            } else {
                open++;
                last = request;
                answer = null;
            }
        }
        if (!refusing) {
            super.channelRead(ctx, message);
            return;
        }
        try {
            if (message instanceof HttpContent content) {
                received += content.content().readableBytes();
            }
            if (message instanceof LastHttpContent end) {
                refusing = false;
                if (end.decoderResult().isSuccess()) {
                    refuse(ctx, answer);
                } else {
                    ctx.close();
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void refuse(ChannelHandlerContext ctx, @Nullable Answer said) {
        if (said == null) {
            throw new IllegalStateException("no answer is given again that was not kept");
        }
        written = true;
        ctx.write(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                said.status(),
                Unpooled.wrappedBuffer(said.body()),
                said.headers(),
                EmptyHttpHeaders.INSTANCE));
        said.counted().refused(received, System.nanoTime() - begun);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (written) {
            written = false;
            ctx.flush();
        }
        super.channelReadComplete(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse head) {
            finalHead = head.status().code() >= HttpResponseStatus.OK.code();
        }
        if (message instanceof LastHttpContent && finalHead) {
            open--;
        }
        super.write(ctx, message, promise);
    }

    /** The same headers in the same order, but for what is passed over. */
    private static boolean same(HttpHeaders one, HttpHeaders other) {
        Iterator<Map.Entry<CharSequence, CharSequence>> left = one.iteratorCharSequence();
        Iterator<Map.Entry<CharSequence, CharSequence>> right = other.iteratorCharSequence();
        while (true) {
            Map.Entry<CharSequence, CharSequence> a = next(left);
            Map.Entry<CharSequence, CharSequence> b = next(right);
            if (a == null || b == null) {
                return a == b;
            }
            if (!AsciiString.contentEqualsIgnoreCase(a.getKey(), b.getKey())
                    || !AsciiString.contentEquals(a.getValue(), b.getValue())) {
                return false;
            }
        }
    }

    private static Map.@Nullable Entry<CharSequence, CharSequence> next(
            Iterator<Map.Entry<CharSequence, CharSequence>> headers) {
        while (headers.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = headers.next();
            if (counts(header.getKey())) {
                return header;
            }
        }
        return null;
    }

    private static boolean counts(CharSequence name) {
        if (name.length() > 0 && name.charAt(0) == ':') {
            return false; // what the server library adds of the first line
        }
        for (AsciiString each : PASSED_OVER) {
            if (each.contentEqualsIgnoreCase(name)) {
                return false;
            }
        }
        return true;
    }
}
