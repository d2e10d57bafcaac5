package dev.jumbo.serve.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams of HTTP/2 that the server has to reset (CVE-2025-8671): frames that are wrong on a stream, streams beyond those that may be open,
 * answers before the end of a body. Each costs the work of a request and no place among the open ones. A connection on which there are too
 * many of them is told why it ends (GOAWAY, ENHANCE_YOUR_CALM), and no more of it is read. Stands between the codec of HTTP/2 and the socket.
 */
final class SentResets extends ChannelOutboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(SentResets.class);
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** For errors of the client, in a window: four times the streams that it may open before it knows how many those are. */
    private static final int MOST_ERRORS = 1000;

    /** Of all kinds: early answers and deadlines are ordinary, as cancellations by the client are. */
    private static final int MOST = Connections.MOST_RESETS;

    // RFC 9113, 6.4: nine bytes of a head with the length and the type, four with the reason.
    private static final int FRAME_BYTES = 13;
    private static final int HEAD = 4 << 8 | 3;
    private static final int STREAM_AT = 5;
    private static final int REASON_AT = 9;

    /** Streams that were reset last, of which more may be under way: the frames of a body of a whole window. */
    private static final int KNOWN = 1024;

    private static final int FRAMES_UNDER_WAY = 64;

    private final Set<Integer> known = new LinkedHashSet<>();
    private long since = System.nanoTime();
    private int again;
    private int errors;
    private int all;
    private boolean ends;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
        // Read before it is written, which gives its bytes back.
        long reason = message instanceof ByteBuf bytes ? reason(bytes) : -1;
        int stream = reason < 0 ? 0 : ((ByteBuf) message).getInt(((ByteBuf) message).readerIndex() + STREAM_AT);
        super.write(ctx, message, promise);
        if (reason >= 0 && counts(stream)) {
            count(ctx, reason);
        }
    }

    /**
     * Whether a reset is one more. What was under way when the client was told of a reset is answered by another for each frame: an innocent client whose
     * uploads are refused would be cut off for them.
     */
    private boolean counts(int stream) {
        if (!known.add(stream)) {
            again = (again + 1) % FRAMES_UNDER_WAY;
            return again == 0;
        }
        if (known.size() > KNOWN) {
            known.remove(known.iterator().next());
        }
        return true;
    }

    /** Why a frame resets a stream; -1 for any other. */
    private static long reason(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.readableBytes() == FRAME_BYTES && bytes.getInt(at) == HEAD
                ? bytes.getUnsignedInt(at + REASON_AT)
                : -1;
    }

    private void count(ChannelHandlerContext ctx, long reason) {
        long now = System.nanoTime();
        if (now - since > WINDOW_NANOS) {
            since = now;
            errors = 0;
            all = 0;
        }
        all++;
        if (reason != Http2Error.NO_ERROR.code() && reason != Http2Error.CANCEL.code()) {
            errors++;
        }
        if (!ends && (errors > MOST_ERRORS || all > MOST)) {
            ends = true;
            LOG.debug("a connection is closed: {} streams had to be reset, {} of them for errors", all, errors);
            ctx.channel().config().setAutoRead(false); // in this turn already; the end reads on, and throws away
            ctx.executor().execute(() -> end(ctx)); // later: the codec is about to write to this stream
        }
    }

    private static void end(ChannelHandlerContext ctx) {
        ChannelHandlerContext codec = ctx.pipeline().context(Http2ConnectionHandler.class);
        if (codec != null && codec.handler() instanceof Http2ConnectionHandler handler) {
            int last = handler.connection().remote().lastStreamCreated();
            handler.goAway(codec, last, Http2Error.ENHANCE_YOUR_CALM.code(), Unpooled.EMPTY_BUFFER, codec.newPromise());
            codec.flush();
        }
        ctx.close(); // not the codec's end, which waits for streams, but ours, which takes no more
    }
}
