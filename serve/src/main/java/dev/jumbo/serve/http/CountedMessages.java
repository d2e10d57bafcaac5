package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.limits.MemoryBudget;
import io.netty.buffer.ByteBuf;

/**
 * A body of gRPC, which is read message by message: each is a byte that says whether it is packed, its length in four, and itself. The bytes
 * of one message are held until the next begins, or the call ends.
 */
final class CountedMessages extends UnfinishedBody {
    private static final int HEAD_BYTES = 5;

    private final Bodies bodies;
    private final ServiceRequestContext ctx;
    private final HttpRequest request;
    private int head;
    private long left;
    private volatile boolean failed;

    CountedMessages(Bodies bodies, ServiceRequestContext ctx, HttpRequest request, MemoryBudget.Hold hold) {
        super(hold);
        this.bodies = bodies;
        this.ctx = ctx;
        this.request = request;
    }

    /** The same body, whose stream fails where there is no room for more. */
    HttpRequest counted() {
        return request.mapData(data -> {
            if (!failed) {
                follow(data);
                bodies.grow(this, data.length());
            }
            return data;
        });
    }

    private void follow(HttpData data) {
        ByteBuf bytes = data.byteBuf();
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (head < HEAD_BYTES) {
                if (head == 0) {
                    beginAnother();
                    bodies.begun(this);
                    left = 0;
                } else {
                    left = left << Byte.SIZE | bytes.getByte(at) & 0xFF;
                }
                head++;
                at++;
            } else {
                int some = (int) Math.min(left, end - at);
                at += some;
                left -= some;
            }
            if (head == HEAD_BYTES && left == 0) {
                head = 0; // whole
                bodies.ended(this);
            }
        }
    }

    @Override
    void fail(RuntimeException why) {
        failed = true;
        bodies.ended(this);
        hold.close();
        ctx.eventLoop().execute(() -> request.abort(why));
    }
}
