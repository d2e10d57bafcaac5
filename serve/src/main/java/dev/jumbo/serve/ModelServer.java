package dev.jumbo.serve;

import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.ServiceConfig;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.Access;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.access.tls.Tls;
import dev.jumbo.serve.grpc.GrpcProtocol;
import dev.jumbo.serve.http.Bodies;
import dev.jumbo.serve.http.Connections;
import dev.jumbo.serve.http.Errors;
import dev.jumbo.serve.http.MethodNotAllowed;
import dev.jumbo.serve.http.RouteTable;
import dev.jumbo.serve.http.Unpacked;
import dev.jumbo.serve.http.UnsentAnswers;
import dev.jumbo.serve.limits.MemoryBudget;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.observe.Observed;
import dev.jumbo.serve.openapi.OpenApi;
import dev.jumbo.serve.repository.OneModel;
import dev.jumbo.serve.repository.ServedModels;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.v2.Configurations;
import dev.jumbo.serve.v2.Rehearsal;
import dev.jumbo.serve.v2.RepositoryService;
import dev.jumbo.serve.v2.Statistics;
import dev.jumbo.serve.v2.V2Service;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server for one model or a repository of them, over HTTP/1.1 and HTTP/2 on one port.
 *
 * <p>{@link #stop} drains: the server says that it is not ready, ends every connection with its next answer ({@code Connection: close},
 * or a GOAWAY), answers what is in flight and what still comes within {@code scheduling.grace_seconds}, for {@code drain_seconds} at
 * most, and closes. For SIGTERM: {@code Runtime.getRuntime().addShutdownHook(new Thread(server::stop))}.
 */
public final class ModelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final int OPERATORS = 8;

    /** How long no request may have been in flight before the drain ends: covers a request that is just arriving. */
    private static final Duration QUIET = Duration.ofMillis(150);

    /** How long nothing may have been in flight before the server is closed behind the drain. */
    private static final Duration SENT = Duration.ofMillis(20);

    /** How long answers that are computed may take to be sent, and how long callers who keep asking delay the end. */
    private static final Duration SENDING = Duration.ofSeconds(2);

    private final Server server;
    private final EventLoopGroup threads;
    private final Inference inference;
    private final Connections connections;
    private final ListeningPlace place;
    private final Duration drain;
    private final Duration grace;
    private final Access access;
    private final Observed observed;
    private final @Nullable Tls tls;
    private int port;
    private @Nullable Integer adminPort;
    private volatile boolean ready;

    private ModelServer(ServerConfig config, Token token, ServedModels models) {
        place = ListeningPlace.of(config);
        drain = seconds(config.drainSeconds());
        tls = config.tls() == null ? null : new Tls(config.tls());
        adminPort = config.adminPort();
        access = place.access(config, token);
        grace = seconds(config.scheduling().graceSeconds());
        observed = new Observed(config.observe());
        connections = new Connections(
                config.maxConnections(),
                new UnsentAnswers(
                        config.scheduling().bodyBytes(),
                        seconds(config.timeoutSeconds()),
                        config.scheduling().minBodyRate()),
                observed::repeats);
        threads = EventLoopGroups.newEventLoopGroup(connectionThreads(config), "jumbo-connections");
        ServerBuilder builder = Server.builder()
                .port(new InetSocketAddress(config.host(), config.port()), place.protocol())
                .idleTimeout(IDLE)
                .requestTimeout(seconds(config.timeoutSeconds()))
                .maxRequestLength(config.maxBodyBytes())
                .gracefulShutdownTimeout(SENT, SENDING)
                .workerGroup(threads, false)
                .disableServerHeader()
                .verboseResponses(false)
                // Errors are told by the handler, each in a line; the stack traces of ordinary 404s would be added to
                // it.
                .unhandledExceptionsReportInterval(Duration.ZERO)
                .meterRegistry(NoopMeterRegistry.get()) // we count ourselves
                // Operators' calls and figures; by itself it is a thread for each call, up to 200 of them.
                .blockingTaskExecutor(OPERATORS)
                .errorHandler(new Errors());
        if (adminPort != null) {
            builder.port(new InetSocketAddress(config.adminHost(), adminPort), place.protocol());
        }
        if (tls != null) {
            tls.on(builder);
        }
        Bodies bodies = new Bodies(
                new MemoryBudget("bodies", config.scheduling().bodyBytes()),
                config.scheduling().minBodyRate());
        builder.decorator(new Unpacked(bodies));
        access.on(builder);
        connections.bind(builder);
        observed.on(builder);
        inference = new Inference(
                models,
                config.scheduling(),
                config.limits(),
                config.threads(),
                config.maxQueue(),
                access.admission(),
                observed.metrics());
        observed.metrics().gauge("jumbo_connections", "open connections", connections::count);
        observed.metrics().gauge("jumbo_queue_requests", "requests that wait to be computed", inference::waiting);
        inference.watch(bodies::watch);
        inference.watch(connections::watch);
        List<dev.jumbo.serve.http.Route> routes =
                new ArrayList<>(new V2Service(models, inference, bodies, () -> ready && !inference.isStuck())
                        .routes(config.maxBodyBytes()));
        routes.addAll(new RepositoryService(models.control(), bodies).routes());
        routes.addAll(observed.routes(models));
        Statistics statistics = new Statistics(models, observed.metrics()::versions);
        routes.addAll(statistics.routes());
        Configurations configurations = new Configurations(
                models,
                config.scheduling(),
                config.limits(),
                config.threads(),
                config.maxQueue(),
                seconds(config.timeoutSeconds()));
        routes.addAll(configurations.routes());
        RouteTable.bind(builder, OpenApi.with(routes));
        GrpcProtocol.bind(
                builder,
                models,
                inference,
                statistics,
                configurations,
                bodies,
                () -> ready && models.isReady() && !inference.isStuck(),
                config.maxBodyBytes(),
                seconds(config.timeoutSeconds()));
        server = builder.build();
    }

    /**
     * Looks whether a server could listen there now, so that nobody waits for models to be loaded in vain.
     *
     * @throws InputException if a port is in use or an address is not this machine's
     */
    public static void requireFree(ServerConfig config) {
        ListeningPlace.requireFree(config);
    }

    /**
     * Starts to answer.
     *
     * @param model stays the caller's, who closes its predictor after the server
     * @throws InputException if the address is reachable from outside and there is no token, or the port is in use
     */
    public static ModelServer start(ServerConfig config, Token token, ServedModel model) {
        ModelServer started = start(config, token, new OneModel(model));
        LOG.info("serving {} version {} on {}", model.name(), model.version(), started.uri());
        return started;
    }

    /** As {@link #start(ServerConfig, Token, ServedModel)}. @param models stay the caller's, who closes them after the server */
    public static ModelServer start(ServerConfig config, Token token, ServedModels models) {
        ModelServer started = new ModelServer(config, token, models);
        try {
            started.server.start().join();
        } catch (CompletionException e) {
            started.end();
            if (e.getCause() instanceof IOException) {
                throw ListeningPlace.taken(config.host(), config.port(), "serve.port", "serve.host", e);
            }
            throw new FailureException("the server did not start: " + e.getCause(), e);
        }
        // In the order in which they were given.
        Iterator<ServerPort> ports = started.server.activePorts().values().iterator();
        started.port = ports.next().localAddress().getPort();
        if (ports.hasNext()) {
            started.adminPort = ports.next().localAddress().getPort();
            started.access.adminPort(started.adminPort);
            LOG.info("administration on {}:{}", config.adminHost(), started.adminPort);
        }
        if (config.scheduling().warmSeconds() > 0) {
            Rehearsal rehearsal =
                    new Rehearsal(started.inference, seconds(config.scheduling().warmSeconds()));
            Rehearsal.Own own = new Rehearsal.Own(started.place.here(started.port), started.access.beginSelf());
            try {
                rehearsal.run(models, started.tls == null ? own : null);
            } finally {
                started.access.endSelf();
            }
        }
        started.ready = true;
        return started;
    }

    /** The port that it listens on, also where any free one was asked for. */
    public int port() {
        return port;
    }

    /** What it answers: every route but those that only refuse. */
    List<Route> routes() {
        return server.config().serviceConfigs().stream()
                .filter(config -> config.service().as(MethodNotAllowed.class) == null)
                .map(ServiceConfig::route)
                .filter(route -> !route.isFallback() && !route.patternString().equals("/*"))
                .toList();
    }

    /** The port of administration; null if there is none. */
    public @Nullable Integer adminPort() {
        return adminPort;
    }

    /**
     * Reads the files of tokens and certificates again. If anything is wrong, all stays as it was.
     *
     * @return what was done, in a line
     * @throws InputException if something is wrong with what was read
     */
    public String reload() {
        // All of it is read before any of it is used.
        Runnable certificates = tls == null ? () -> {} : tls.read();
        Runnable tokens = access.reading();
        certificates.run();
        tokens.run();
        String done = "tokens of " + access.callers()
                + (tls == null ? "" : ", a certificate that is valid until " + tls.validity());
        LOG.info("read again: {}", done);
        return done;
    }

    public URI uri() {
        return place.uri(port);
    }

    /** Drains and closes; returns when that is done. Calling it again waits too. */
    public void stop() {
        ready = false;
        connections.drain(QUIET, grace, drain);
        server.stop().join();
        end();
    }

    private void end() {
        // Nobody is connected any more: without the two seconds that it waits for more work by default.
        threads.shutdownGracefully(0, SENDING.toSeconds(), TimeUnit.SECONDS).awaitUninterruptibly();
        inference.close();
        observed.close();
    }

    /** Waits until somebody stops the server. */
    public void awaitStop() {
        server.whenClosed().join();
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    /** What is left of the processors beside those that compute: a flood of requests must not take theirs. */
    private static int connectionThreads(ServerConfig config) {
        return Math.max(1, Runtime.getRuntime().availableProcessors() - config.threads());
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
    }
}
