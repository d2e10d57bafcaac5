package dev.jumbo.serve.http;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * When a request came, where the thread that reads it had other things to do before: its caller has waited since then, and its deadline
 * is by the caller's clock. A thread of connections looks after itself every few milliseconds; whatever it finds when it was held up may
 * have been there since it looked last.
 */
final class Arrivals {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Map<EventLoop, Tick> ticks = new ConcurrentHashMap<>();

    /** The time from which a request that is read now has waited at the most; call it on the thread that reads it. */
    long since(EventLoop loop, long now) {
        Tick tick = ticks.computeIfAbsent(loop, Tick::new);
        return tick.asked(now);
    }

    /** One thread's look after itself, which rests while nothing is asked. */
    private static final class Tick implements Runnable {
        private final EventLoop loop;
        private long last;
        private boolean runs;
        private boolean asked;

        Tick(EventLoop loop) {
            this.loop = loop;
        }

        long asked(long now) {
            asked = true;
            if (!runs) {
                runs = true;
                last = now;
                loop.schedule(this, TICK_NANOS, TimeUnit.NANOSECONDS);
            }
            return now - last > 2 * TICK_NANOS ? last : now;
        }

        @Override
        public void run() {
            last = System.nanoTime();
            runs = asked;
            asked = false;
            if (runs) {
                loop.schedule(this, TICK_NANOS, TimeUnit.NANOSECONDS);
            }
        }
    }
}
