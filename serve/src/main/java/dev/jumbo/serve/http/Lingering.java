package dev.jumbo.serve.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose client still sends: a close would answer what comes with a reset, and a reset takes from the client the
 * answer that it has not read yet. So the end is said, what still comes is thrown away, and the connection is closed when the client has
 * ended it, or a second later. See <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>.
 */
final class Lingering extends ChannelDuplexHandler {
    private static final long MOST_MILLIS = 1000;

    /** Who has sent nothing for so long waits, or has gone. */
    private static final long OF_LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final AttributeKey<Boolean> AT_ONCE = AttributeKey.valueOf(Lingering.class, "AT_ONCE");

    private long read = System.nanoTime();
    private boolean ends;

    /** Closes a connection whose client has nothing more to be told. */
    static void closeAtOnce(Channel channel) {
        channel.attr(AT_ONCE).set(true);
        channel.close();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
        if (!ends
                && !ctx.channel().hasAttr(AT_ONCE)
                && System.nanoTime() - read < OF_LATE_NANOS
                && ctx.channel().isActive()
                && ctx.channel() instanceof DuplexChannel channel) {
            ends = true;
            // Later: this may be said while the last bytes of the answer are taken out of the queue.
            ctx.executor().execute(() -> linger(ctx, channel, promise));
        } else {
            super.close(ctx, promise);
        }
    }

    private static void linger(ChannelHandlerContext ctx, DuplexChannel channel, ChannelPromise promise) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        if (unsent == null || unsent.totalPendingWriteBytes() > 0) {
            ctx.close(promise); // it does not read, so nothing is lost by a reset
            return;
        }
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        channel.shutdownOutput();
        channel.config().setAutoRead(true);
        ctx.executor().schedule(() -> ctx.close(), MOST_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (ends) {
            ReferenceCountUtil.release(message);
            return;
        }
        read = System.nanoTime();
        super.channelRead(ctx, message);
    }

    /** That the output has ended is known here; handlers behind would log it as unexpected, once for each connection. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (!(event instanceof ChannelOutputShutdownEvent)) {
            super.userEventTriggered(ctx, event);
        }
    }
}
