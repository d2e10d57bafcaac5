package dev.jumbo.serve.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Paths as they are asked for. The server library takes several slashes for one and leaves out what follows a semicolon, so that a path
 * which a proxy's rules do not know would be answered as one that they forbid. Both are written as what they are, a letter of a name.
 */
public final class LiteralPaths {
    private LiteralPaths() {}

    /** A target of a request that begins with its path; any other as it is. */
    public static String literal(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (!path.startsWith("/") || path.indexOf(';') < 0 && !path.contains("//")) {
            return target;
        }
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean again = c == '/' && i > 0 && path.charAt(i - 1) == '/';
            literal.append(again ? "%2F" : c == ';' ? "%3B" : String.valueOf(c));
        }
        return literal + target.substring(path.length());
    }

    /** The same for all that comes over a connection of HTTP/2. */
    static void of(Http2ConnectionDecoder decoder) {
        decoder.frameListener(new Streams(decoder.frameListener()));
    }

    private static final class Streams extends Http2FrameListenerDecorator {
        Streams(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean last)
                throws Http2Exception {
            super.onHeadersRead(ctx, stream, literal(headers), padding, last);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last)
                throws Http2Exception {
            super.onHeadersRead(ctx, stream, literal(headers), dependency, weight, exclusive, padding, last);
        }

        private static Http2Headers literal(Http2Headers headers) {
            CharSequence path = headers.path();
            if (path != null) {
                String literal = LiteralPaths.literal(path.toString());
                if (!literal.contentEquals(path)) {
                    headers.path(literal);
                }
            }
            return headers;
        }
    }
}
