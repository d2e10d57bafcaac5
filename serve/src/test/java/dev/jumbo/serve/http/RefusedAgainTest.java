package dev.jumbo.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusedAgainTest {
    private final AtomicBoolean full = new AtomicBoolean(true);
    private final AtomicBoolean usual = new AtomicBoolean(true);
    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final RefusedAgain handler = new RefusedAgain(usual::get);
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);

    @Test
    void the_same_request_gets_the_same_answer_while_the_model_is_full() {
        refused(post());
        for (int i = 1; i <= 3; i++) {
            FullHttpRequest again = post();
            assertThat(channel.writeInbound(again)).as("nobody else sees it").isFalse();
            assertThat(again.refCnt()).isZero();
            FullHttpResponse answer = channel.readOutbound();
            assertThat(answer.status()).isEqualTo(HttpResponseStatus.SERVICE_UNAVAILABLE);
            assertThat(answer.headers().get("retry-after")).isEqualTo("1");
            assertThat(answer.headers().get("content-type")).startsWith("application/json");
            String body = answer.content().toString(StandardCharsets.UTF_8);
            assertThat(body).isEqualTo("{\"error\":\"the server is full; try again later\"}");
            assertThat(answer.headers().getInt("content-length")).isEqualTo(body.length());
            assertThat(counted).hasValue(i);
        }
        assertThat(received).hasValue(3 * 4);
    }

    @Test
    void a_body_in_pieces_is_answered_at_its_end() {
        refused(post());
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/predict");
        head.headers().set("authorization", "Bearer a").set("content-length", 4);
        channel.writeInbound(head, new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[3])));
        assertThat((Object) channel.readOutbound()).isNull();
        full.set(false); // once it was begun it is ended
        channel.writeInbound(new DefaultLastHttpContent(Unpooled.wrappedBuffer(new byte[1])));
        assertThat((Object) channel.readOutbound()).isInstanceOf(FullHttpResponse.class);
        assertThat((Object) channel.readInbound()).isNull();
        assertThat(channel.writeInbound(post())).as("the next one finds room").isTrue();
    }

    @Test
    void what_is_asked_otherwise_goes_the_usual_way() {
        FullHttpRequest other = post();
        other.setUri("/v2/health/ready");
        passes(other);
        FullHttpRequest token = post();
        token.headers().set("authorization", "Bearer b");
        passes(token);
        FullHttpRequest urgent = post();
        urgent.headers().set("priority", "high");
        passes(urgent);
        FullHttpRequest chunked = post();
        chunked.headers().remove("content-length").set("transfer-encoding", "chunked");
        passes(chunked);
        FullHttpRequest last = post();
        last.headers().set("connection", "close");
        passes(last);
        FullHttpRequest large = post();
        large.headers().set("content-length", 5_000_000);
        passes(large);
        passes(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/predict"));
    }

    @Test
    void a_trace_and_another_length_make_no_difference() {
        refused(post());
        FullHttpRequest again = post();
        again.headers().set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        again.headers().set("content-length", 5);
        assertThat(channel.writeInbound(again)).isFalse();
    }

    @Test
    void a_model_with_room_and_a_server_that_ends_are_asked() {
        refused(post());
        full.set(false);
        assertThat(channel.writeInbound(post())).isTrue();
        answered();
        refused(post());
        usual.set(false);
        assertThat(channel.writeInbound(post())).isTrue();
    }

    @Test
    void answers_keep_their_order_where_requests_do_not_wait_for_them() {
        refused(post());
        full.set(false);
        channel.writeInbound(post()); // goes through
        full.set(true);
        refusedLater();
        assertThat(channel.writeInbound(post()))
                .as("one before it is not answered")
                .isTrue();
        answered();
        assertThat(channel.writeInbound(post())).as("another one is not").isTrue();
    }

    /** A request that goes the usual way and is refused there. */
    private void refused(FullHttpRequest request) {
        assertThat(channel.writeInbound(request)).isTrue();
        answered();
        refusedLater();
    }

    private void refusedLater() {
        handler.keep(
                new RefusedAgain.Refused("the server is full; try again later", full::get),
                Responses.headers(HttpStatus.SERVICE_UNAVAILABLE, MediaType.JSON),
                (bytes, nanos) -> {
                    counted.incrementAndGet();
                    received.addAndGet(bytes);
                });
    }

    private void answered() {
        channel.writeOutbound(
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE),
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SERVICE_UNAVAILABLE));
        channel.releaseOutbound();
        channel.releaseInbound();
    }

    private void passes(FullHttpRequest request) {
        refused(post());
        assertThat(channel.writeInbound(request)).as(request.toString()).isTrue();
        answered();
        assertThat(counted).hasValue(0);
    }

    private static FullHttpRequest post() {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/predict", Unpooled.wrappedBuffer(new byte[4]));
        request.headers().set("authorization", "Bearer a").set("content-length", 4);
        return request;
    }

    @Test
    void only_an_end_of_an_answer_counts() {
        assertThat(channel.writeInbound(post())).isTrue();
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT); // behind no head
        refusedLater();
        assertThat(channel.writeInbound(post())).isTrue();
    }
}
