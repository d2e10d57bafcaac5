package dev.jumbo.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Error;
import org.junit.jupiter.api.Test;

class SentResetsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new SentResets());

    @Test
    void frames_that_were_under_way_when_uploads_were_refused_end_no_connection() {
        for (int stream = 1; stream < 400; stream += 2) { // 200 bodies of a megabyte, each frame of which is answered
            for (int frame = 0; frame < 64; frame++) {
                reset(stream, Http2Error.STREAM_CLOSED);
            }
        }
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void frames_on_a_closed_stream_without_end_end_the_connection() {
        for (int frame = 0; frame < 70_000 && channel.isOpen(); frame++) {
            reset(1, Http2Error.STREAM_CLOSED);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_thousand_streams_that_were_wrong_end_the_connection_and_as_many_that_were_given_up_do_not() {
        for (int stream = 0; stream < 2000; stream++) {
            reset(2 * stream + 1, Http2Error.CANCEL);
        }
        assertThat(channel.isOpen()).isTrue();
        for (int stream = 2000; stream < 3001; stream++) {
            reset(2 * stream + 1, Http2Error.PROTOCOL_ERROR);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    private void reset(int stream, Http2Error why) {
        if (!channel.isOpen()) {
            return;
        }
        ByteBuf frame = Unpooled.buffer(13)
                .writeMedium(4)
                .writeByte(3)
                .writeByte(0)
                .writeInt(stream)
                .writeInt((int) why.code());
        channel.pipeline().writeAndFlush(frame);
        channel.runPendingTasks();
        channel.releaseOutbound();
    }
}
