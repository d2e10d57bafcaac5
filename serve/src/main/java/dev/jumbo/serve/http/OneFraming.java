package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Requests of HTTP/1 whose body another reader might see end elsewhere: in a transfer coding beside {@code chunked}, which nothing here
 * undoes (RFC 9112, 6.1), or of another version. They are marked, as they have to be answered in their turn, and nothing behind them is read.
 * Stands behind the codec of HTTP/1.
 */
final class OneFraming extends ChannelInboundHandlerAdapter {
    private static final String MARK = "jumbo-framing";
    private static final String CODING = "coding";
    private static final String VERSION = "version";

    private boolean ends;

    /** @throws HttpException 501 or 505 for a request that is marked */
    static void check(RequestHeaders headers) {
        String mark = headers.get(MARK);
        if (CODING.equals(mark)) {
            throw new HttpException(
                    HttpStatus.NOT_IMPLEMENTED, "expected a Transfer-Encoding of chunked or none, received another");
        }
        if (VERSION.equals(mark)) {
            throw new HttpException(
                    HttpStatus.HTTP_VERSION_NOT_SUPPORTED, "expected a request of HTTP/1.1, received another version");
        }
    }

    /** Whether a request is the last of its connection. */
    static boolean isMarked(RequestHeaders headers) {
        return headers.contains(MARK);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (ends) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            request.headers().remove(MARK); // whoever sends it
            if (request.decoderResult().isSuccess()) {
                List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
                boolean chunked = codings.isEmpty()
                        || codings.size() == 1
                                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                                        codings.get(0).strip());
                request.setUri(LiteralPaths.literal(request.uri()));
                if (request.protocolVersion().majorVersion() != 1) {
                    refuse(ctx, request, VERSION);
                    return;
                }
                if (!chunked) {
                    refuse(ctx, request, CODING);
                    return;
                }
            }
        }
        super.channelRead(ctx, message);
    }

    private void refuse(ChannelHandlerContext ctx, HttpRequest request, String why) {
        ends = true;
        request.headers()
                .remove(HttpHeaderNames.TRANSFER_ENCODING)
                .remove(HttpHeaderNames.CONTENT_LENGTH)
                .set(MARK, why);
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        ctx.fireChannelRead(request);
        ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }
}
