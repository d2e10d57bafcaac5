package dev.jumbo.serve.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/**
 * Puts the handlers of ours beside the codec of a connection, which is there when its first bytes, or TLS, have said which protocol it is of.
 * It stands first, for those without TLS, and last, where it is told that a handshake is done before anything that was sent in it is read.
 */
final class ByProtocol extends ChannelInboundHandlerAdapter {
    /** Bytes by which HTTP/2 is known: they are given on one by one, so that no request is read before the handlers are in place. */
    private static final int KNOWN_BY = 4;

    private int given;
    private boolean http1;
    private boolean http2;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        while (!http1 && !http2 && given < KNOWN_BY && message instanceof ByteBuf bytes && bytes.readableBytes() > 1) {
            given++;
            super.channelRead(ctx, bytes.readRetainedSlice(1));
            place(ctx.pipeline());
        }
        super.channelRead(ctx, message);
        place(ctx.pipeline());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        place(ctx.pipeline());
        super.userEventTriggered(ctx, event);
    }

    private void place(ChannelPipeline pipeline) {
        if (http2) {
            return;
        }
        ChannelHandlerContext streams = pipeline.context(Http2ConnectionHandler.class);
        // The server's own class of a codec of HTTP/1 is not for others; that it has two directions in one is Netty's.
        ChannelHandlerContext codec = pipeline.context(CombinedChannelDuplexHandler.class);
        if (streams != null) { // from the first byte on, or where HTTP/1 was upgraded
            http2 = true;
            if (pipeline.get(SentResets.class) == null) {
                pipeline.addBefore(streams.name(), null, new SentResets());
                LiteralPaths.of(((Http2ConnectionHandler) streams.handler()).decoder());
            }
        } else if (codec != null && !http1) {
            http1 = true;
            if (pipeline.get(OneFraming.class) == null) {
                pipeline.addAfter(codec.name(), null, new OneFraming());
            }
        }
    }
}
