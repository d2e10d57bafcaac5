package dev.jumbo.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ArrivalsTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final Arrivals arrivals = new Arrivals();

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }

    /** How long a request that is read now may have waited, in milliseconds. */
    private double waited() {
        long now = System.nanoTime();
        return (now - arrivals.since(loop, now)) / 1e6;
    }

    @Test
    void what_is_read_after_a_pause_of_its_thread_may_have_come_when_the_pause_began() throws Exception {
        double waited = loop.submit(() -> {
                    assertThat(waited()).isZero();
                    Thread.sleep(200);
                    return waited();
                })
                .get();
        assertThat(waited).isBetween(200.0, 5_000.0);
    }

    @Test
    void a_thread_that_had_nothing_to_do_did_not_keep_anybody_waiting() throws Exception {
        loop.submit(this::waited).get();
        Thread.sleep(200);
        assertThat(loop.submit(this::waited).get()).isZero();
    }

    @Test
    void a_thread_that_is_asked_all_the_time_and_keeps_up_did_not_either() throws Exception {
        // Any machine stops a thread now and then; most of the time it does not.
        int late = 0;
        for (int i = 0; i < 100; i++) {
            late += loop.submit(this::waited).get() > 0 ? 1 : 0;
            Thread.sleep(1);
        }
        assertThat(late).isLessThan(50);
    }
}
