package dev.jumbo.serve.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What refusing may cost. A refusal takes the server a twentieth of a millisecond, and callers who ask again at once, or thousands that
 * do not look, would have it do nothing else. So beyond a rate a connection that was told to try again in a second is not read for a
 * while, of less than a second; requests that others have under way are not concerned, as only connections of HTTP/1 are paused,
 * which have one at a time.
 */
final class Pauses {
    /** Less than a stopping server under load waits for what is still on its way. */
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    /** Refusals a second of a server with one processor that are not followed by a pause: about a thirtieth of its time. */
    private static final double FREE_A_SECOND = 500;

    /** What is read so soon behind a pause was there before. */
    private static final long WAITED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Map<EventLoop, Turns> turns = new ConcurrentHashMap<>();
    private final double rate;

    /** @param threads of connections @param processors of the machine */
    Pauses(int threads, int processors) {
        rate = FREE_A_SECOND * processors / threads;
    }

    /** The pause of one connection, on its thread. */
    static final class Pause {
        private long begun;
        private long ended;
        private boolean any;

        /** The time from which what is read now has waited at the most. */
        long since(long now) {
            boolean waited = any && now - ended < WAITED_NANOS;
            any = false;
            return waited ? begun : now;
        }
    }

    /** A request of HTTP/1 was refused as the server is full; call it on the connection's thread. */
    void refused(Channel channel, Pause pause, long now) {
        long delay = turns.computeIfAbsent(channel.eventLoop(), loop -> new Turns(1e9 / rate))
                .delay(now);
        if (delay <= 0) {
            return;
        }
        pause.begun = now;
        channel.config().setAutoRead(false);
        channel.eventLoop()
                .schedule(
                        () -> {
                            pause.ended = System.nanoTime();
                            pause.any = true;
                            channel.config().setAutoRead(true);
                        },
                        delay,
                        TimeUnit.NANOSECONDS);
    }

    /** One thread's connections are read again one after the other. */
    private static final class Turns {
        private static final double BURST = 0.1e9;

        private final double every;
        private double next;

        Turns(double every) {
            this.every = every;
        }

        /** Nanoseconds until the turn of one more. */
        long delay(long now) {
            next = Math.max(next, now - BURST) + every;
            next = Math.min(next, now + MOST_NANOS);
            return (long) (next - now);
        }
    }
}
