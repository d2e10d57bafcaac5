package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jumbo.serve.wire.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How connections end. An answer that says {@code Connection: close} is followed by the end of the connection at once. Beyond the most
 * connections the one that was idle longest is closed for a new one; where none is idle, a request on a new one gets 503 and {@code
 * Connection: close}; and beyond a reserve for these, new ones wait to be accepted. {@link #drain} ends them all without losing anything.
 */
public final class Connections implements DecoratingHttpServiceFunction {
    private static final AttributeKey<State> STATE = AttributeKey.valueOf(Connections.class, "STATE");
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LEAST_RESERVE = 16;

    /** Streams of HTTP/2 that a connection may have at once. */
    private static final int MOST_STREAMS = 256;

    /** Streams that a client may give up within {@link #RESETS_SECONDS}: a gateway does whenever its callers' deadlines pass. */
    static final int MOST_RESETS = 5000;

    private static final int RESETS_SECONDS = 10;

    /** Requests of HTTP/1 on one connection whose answers are not sent: no more of it is read until half of them are. */
    private static final int MOST_UNREAD = 256;

    private static final long PAUSE_MILLIS = 5;

    /** A server is under load that was asked so often within {@link #LOAD_NANOS}. */
    private static final int RECENT = 32;

    private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_UNDER_LOAD_MILLIS = 1000;
    private static final long QUIET_UNDER_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(QUIET_UNDER_LOAD_MILLIS);

    /** Turns in which the last connections are accepted, 16 in each. */
    private static final int ACCEPTS = 8;

    /** How long a connection that was taken last may need until it is known, and its first request. */
    private static final long ACCEPTED_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private final int most;
    private final int reserve;
    private final Repeats repeats;
    private final UnsentAnswers unsent;
    private final Set<State> open = ConcurrentHashMap.newKeySet();
    private final Set<ServiceRequestContext> active = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong lastRequest = new AtomicLong(System.nanoTime());
    private final Set<Channel> listening = ConcurrentHashMap.newKeySet();
    private final Arrivals arrivals = new Arrivals();

    /** When the last requests came, in turn. */
    private final AtomicLongArray recent = new AtomicLongArray(RECENT);

    private final AtomicLong recentCount = new AtomicLong();
    private volatile boolean draining;
    private volatile boolean refusing;

    /**
     * @param most connections whose requests are answered
     * @param unsent how long and how much callers may leave untaken
     * @param repeats counts refusals that are said again
     */
    public Connections(int most, UnsentAnswers unsent, Repeats repeats) {
        this.most = most;
        this.repeats = repeats;
        this.unsent = unsent;
        reserve = Math.max(LEAST_RESERVE, most / 4);
    }

    /** Adds this to a server, before all its other decorators. */
    public void bind(ServerBuilder server) {
        server.maxNumConnections(Integer.MAX_VALUE)
                .http2MaxStreamsPerConnection(MOST_STREAMS)
                .http2MaxResetFramesPerWindow(MOST_RESETS, RESETS_SECONDS)
                .childChannelPipelineCustomizer(this::opened)
                .decorator(this);
    }

    /** Closes connections that do not take their answers; call it every 100 ms or so. */
    public void watch(long now) {
        unsent.watch(active, now);
        unsent.watchAll(open.stream().map(state -> state.channel));
    }

    /** Connections that are open. */
    public int count() {
        return count.get();
    }

    /** Whether nobody waits for the answer to a request any more. The server library says so of HTTP/1 a second after the connection ended. */
    public static boolean isGone(ServiceRequestContext ctx) {
        Channel channel = ctx.log().partial().channel();
        return ctx.isCancelled() || channel != null && !channel.isActive();
    }

    /** When a request came, as of {@link System#nanoTime}: it may have waited until it was read. Call it as the request is served, not later. */
    public static long came(ServiceRequestContext ctx) {
        Channel channel = ctx.log().partial().channel();
        State state = channel == null ? null : channel.attr(STATE).get();
        return state == null ? System.nanoTime() : state.came;
    }

    @Override
    public HttpResponse serve(HttpService next, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        Channel channel = Objects.requireNonNull(ctx.log().partial().channel(), "a request has a connection");
        State state = channel.attr(STATE).get();
        int unanswered = state.began(channel);
        active.add(ctx);
        long now = System.nanoTime();
        state.came = arrivals.since(channel.eventLoop(), now);
        lastRequest.set(now);
        recent.set(next(recentCount.getAndIncrement()), now);
        ctx.log().whenComplete().thenAccept(log -> {
            active.remove(ctx);
            lastRequest.set(System.nanoTime());
            state.ended(log.requestCause() == null);
            if (state.requests.get() == 0 && channel.eventLoop().inEventLoop()) {
                RefusedAgain.keep(channel, ctx, log, () -> isUsual(state), repeats);
            }
        });
        if (ctx.sessionProtocol().isMultiplex()) {
            if (unanswered > 2 * MOST_STREAMS) {
                Lingering.closeAtOnce(channel); // streams that it gave up, and whose work goes on
            }
        } else if (unanswered > MOST_UNREAD) {
            state.pause();
        }
        boolean last = !ctx.sessionProtocol().isMultiplex() && OneFraming.isMarked(request.headers());
        if (draining || state.extra || last) {
            // Of HTTP/1 the answer says Connection: close; of HTTP/2 a GOAWAY says which requests were the last.
            ctx.initiateConnectionShutdown();
        }
        if (last) {
            OneFraming.check(request.headers());
        }
        if (refusing) {
            throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is stopping; ask another one");
        }
        // Who asks for health decides whether the server lives: it is not full of connections, but well.
        if (state.extra && !ctx.path().startsWith("/v2/health/")) {
            throw new Refusal(Refusal.Reason.UNAVAILABLE, "the server is full: no more connections; try again later");
        }
        return next.serve(ctx, request);
    }

    /** Whether the next answer on a connection is one as usual, and not the last. */
    private boolean isUsual(State state) {
        return !draining && !refusing && !state.extra;
    }

    /**
     * Tells everybody to go and waits until they have: every answer from now on ends its connection, and what is asked is answered. New
     * connections are taken as long as the grace lasts or somebody asks; behind it they are refused as those to a server that is gone, so
     * that who comes again whenever it is told to go asks another one. Returns when nothing was asked and answered for a quiet time, or
     * time is up.
     *
     * @param quiet of a server that was asked little; of one under load it is {@value #QUIET_UNDER_LOAD_MILLIS} ms at least, as its
     *     callers ask again whenever they get a processor
     */
    public void drain(Duration quiet, Duration grace, Duration most) {
        long start = System.nanoTime();
        boolean load = start - Math.min(start, recent.get(next(recentCount.get()))) < LOAD_NANOS
                && recentCount.get() >= RECENT;
        long silence = load ? Math.max(quiet.toNanos(), QUIET_UNDER_LOAD_NANOS) : quiet.toNanos();
        draining = true;
        active.forEach(ServiceRequestContext::initiateConnectionShutdown);
        boolean ending = false;
        long deaf = Long.MAX_VALUE;
        try {
            while (System.nanoTime() - start < most.toNanos()) {
                long now = System.nanoTime();
                boolean still =
                        active.isEmpty() && (count() == 0 || now - Math.max(start, lastRequest.get()) > silence);
                if (!ending && (still || now - start > grace.toNanos())) {
                    ending = true;
                    listening.forEach(channel -> closeBehindAccepted(channel, ACCEPTS));
                }
                if (ending && deaf == Long.MAX_VALUE && listening.stream().noneMatch(Channel::isOpen)) {
                    deaf = now;
                }
                if (still && deaf != Long.MAX_VALUE && now - deaf > ACCEPTED_NANOS) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stops sooner
        }
        refusing = true;
    }

    /** The system has connections that are not accepted yet, and closing resets them: as many as can be are accepted before. */
    private static void closeBehindAccepted(Channel channel, int times) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (times == 0) {
                                channel.close();
                            } else {
                                closeBehindAccepted(channel, times - 1);
                            }
                        },
                        1,
                        TimeUnit.MILLISECONDS);
    }

    private static int next(long count) {
        return (int) (count % RECENT);
    }

    // ---- how many ---------------------------------------------------------------------------------------------------

    private void opened(ChannelPipeline pipeline) {
        Channel channel = pipeline.channel();
        State state = new State(channel);
        channel.attr(STATE).set(state);
        pipeline.addFirst(new Lingering(), new UnreadReplies(), new ByProtocol());
        pipeline.addLast(new ByProtocol());
        listening.add(channel.parent());
        int now = count.incrementAndGet();
        open.add(state);
        channel.closeFuture().addListener(closed -> {
            open.remove(state);
            if (count.decrementAndGet() < most + reserve) {
                accept(channel.parent(), true);
            }
        });
        if (now > most) {
            state.extra = !closeAnIdleOne(state);
            if (count.get() >= most + reserve) {
                accept(channel.parent(), false);
            }
        }
    }

    private static void accept(Channel listening, boolean more) {
        listening.config().setAutoRead(more);
    }

    private boolean closeAnIdleOne(State but) {
        long now = System.nanoTime();
        State longest = open.stream()
                .filter(state -> state != but && !state.extra && state.idleNanos(now) > IDLE_NANOS)
                .max(Comparator.comparingLong(state -> state.idleNanos(now)))
                .orElse(null);
        if (longest != null) {
            Lingering.closeAtOnce(longest.channel);
        }
        return longest != null;
    }

    /** What is known of a connection. */
    private static final class State {
        private final Channel channel;
        private final AtomicInteger requests = new AtomicInteger();
        private volatile long came = System.nanoTime();
        private volatile long since = System.nanoTime();
        private volatile boolean extra;
        private volatile boolean saidClose;
        private volatile boolean paused;
        private boolean marked;

        State(Channel channel) {
            this.channel = channel;
        }

        /** On the connection's thread. @return requests whose answers are not sent */
        int began(Channel own) {
            if (!marked) {
                marked = true;
                own.pipeline().addLast(new Mark(this));
            }
            return requests.incrementAndGet();
        }

        /** Reads no more until some answers are sent; who does not take them is closed for that. On the connection's thread. */
        void pause() {
            paused = true;
            channel.config().setAutoRead(false);
        }

        private void goOn() {
            if (paused && requests.get() <= MOST_UNREAD / 2) {
                paused = false;
                channel.config().setAutoRead(true);
            }
        }

        /** @param received whether the whole request was; a client that still sends would be cut off before it reads the answer */
        void ended(boolean received) {
            since = System.nanoTime();
            int left = requests.decrementAndGet();
            if (paused && left <= MOST_UNREAD / 2) {
                channel.eventLoop().execute(this::goOn);
            }
            if (left == 0 && saidClose && received && channel.isActive()) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        long idleNanos(long now) {
            return requests.get() > 0 ? 0 : now - since;
        }
    }

    /** Sees whether an answer of HTTP/1 says that it is the last. */
    private static final class Mark extends ChannelOutboundHandlerAdapter {
        private final State state;

        Mark(State state) {
            this.state = state;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof io.netty.handler.codec.http.HttpResponse head && !HttpUtil.isKeepAlive(head)) {
                state.saidClose = true;
            }
            super.write(ctx, message, promise);
        }
    }
}
