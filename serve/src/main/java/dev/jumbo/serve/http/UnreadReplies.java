package dev.jumbo.serve.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * A client of HTTP/2 that sends and does not read: each of its pings and settings asks for a reply that waits here and takes twenty times the memory of
 * the frame (CVE-2019-9512, CVE-2019-9515). The library says at 10,000 such replies that the connection ends, but behind them, so that it does
 * not. Who reads nothing while it sends so much is cut off.
 */
final class UnreadReplies extends ChannelInboundHandlerAdapter {
    /** Bytes that a client may send while the socket takes nothing of what is for it: some 20,000 frames. */
    private static final long MOST = 256 << 10;

    private long received;

    /** Bytes that wait to be taken by the socket, with what the library counts for each piece. Any thread may ask. */
    static long waiting(Channel channel) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    /** Closes a connection at once: HTTP/2's own end of it waits for what is not read. */
    static void cutOff(Channel channel) {
        channel.eventLoop().execute(() -> channel.pipeline().firstContext().close());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        received = ctx.channel().isWritable()
                ? 0
                : received + (message instanceof ByteBuf bytes ? bytes.readableBytes() : 0);
        if (received > MOST && ctx.pipeline().get(Http2ConnectionHandler.class) != null) {
            ReferenceCountUtil.release(message);
            if (ctx.channel().isActive()) {
                cutOff(ctx.channel());
            }
            return;
        }
        super.channelRead(ctx, message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        received = 0;
        super.channelWritabilityChanged(ctx);
    }
}
