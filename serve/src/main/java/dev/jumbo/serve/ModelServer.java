package dev.jumbo.serve;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.Guard;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.http.AbsoluteForm;
import dev.jumbo.serve.http.Errors;
import dev.jumbo.serve.http.Routes;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.Models;
import dev.jumbo.serve.repository.OneModel;
import dev.jumbo.serve.schedule.ComputePool;
import dev.jumbo.serve.schedule.Inference;
import dev.jumbo.serve.v2.V2Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server for one model, over HTTP/1.1 and HTTP/2 without TLS on one port.
 *
 * <p>{@link #stop} drains: the server says that it is not ready, refuses new predictions with 503, answers what is in
 * flight, for {@code drain_seconds} at most, and closes. For SIGTERM: {@code Runtime.getRuntime().addShutdownHook(new Thread(server::stop))}.
 */
public final class ModelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
    private static final long MAX_STREAMS_PER_CONNECTION = 256;
    private static final Duration IDLE = Duration.ofSeconds(15);

    /** How long no request may have been in flight before the drain ends: covers a request that is just arriving. */
    private static final Duration QUIET = Duration.ofMillis(100);

    /** How long answers that are computed may take to be sent, and how long callers who keep asking delay the end. */
    private static final Duration SENDING = Duration.ofSeconds(2);

    private final Server server;
    private final ComputePool pool;
    private final String host;
    private final Duration drain;
    private int port;
    private volatile boolean ready;

    private ModelServer(ServerConfig config, Token token, ServedModel model) {
        host = config.host();
        drain = seconds(config.drainSeconds());
        boolean loopback = isLoopback(host);
        if (!loopback && token.isNone()) {
            throw new InputException("expected a token to serve on " + host + ", which others can reach, received none;"
                    + " set " + Token.VARIABLE + " or serve.token_file, or serve on 127.0.0.1");
        }
        pool = new ComputePool(config.threads(), config.maxQueue());
        Guard guard = new Guard(token, loopback);
        ServerBuilder builder = Server.builder()
                .http(new InetSocketAddress(host, config.port()))
                .maxNumConnections(config.maxConnections())
                .http2MaxStreamsPerConnection(MAX_STREAMS_PER_CONNECTION)
                .idleTimeout(IDLE)
                .requestTimeout(seconds(config.timeoutSeconds()))
                .maxRequestLength(config.maxBodyBytes())
                .gracefulShutdownTimeout(QUIET, SENDING)
                .disableServerHeader()
                .verboseResponses(false)
                // Errors are told by the handler, each in a line; the stack traces of ordinary 404s would be added to
                // it.
                .unhandledExceptionsReportInterval(Duration.ZERO)
                .errorHandler(new Errors())
                .absoluteUriTransformer(new AbsoluteForm(guard::answersTo))
                .decorator(guard);
        Models models = new OneModel(model);
        Routes.bind(
                builder, new V2Service(models, new Inference(models, pool), () -> ready).routes(config.maxBodyBytes()));
        server = builder.build();
    }

    /**
     * Starts to answer.
     *
     * @param model stays the caller's, who closes its predictor after the server
     * @throws InputException if the address is reachable from outside and there is no token, or the port is in use
     */
    public static ModelServer start(ServerConfig config, Token token, ServedModel model) {
        ModelServer started = new ModelServer(config, token, model);
        try {
            started.server.start().join();
        } catch (CompletionException e) {
            started.pool.close();
            if (e.getCause() instanceof IOException) {
                throw new InputException(
                        "can't listen on " + config.host() + ":" + config.port()
                                + ": the port is in use or the address is not this machine's; choose another with serve.port"
                                + " or serve.host",
                        e);
            }
            throw new FailureException("the server did not start: " + e.getCause(), e);
        }
        started.port = started.server.activeLocalPort();
        started.ready = true;
        LOG.info("serving {} version {} on {}", model.name(), model.version(), started.uri());
        return started;
    }

    /** The port that it listens on, also where any free one was asked for. */
    public int port() {
        return port;
    }

    public URI uri() {
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create(String.format(Locale.ROOT, "http://%s:%d/", name, port()));
    }

    /** Drains and closes; returns when that is done. Calling it again waits too. */
    public void stop() {
        ready = false;
        pool.drain(drain);
        server.stop().join();
        pool.close();
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

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
    }

    private static boolean isLoopback(String host) {
        try {
            // All of them: a name may have several addresses.
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            throw new InputException("serve.host: no address found for \"" + host + "\"", e);
        }
    }
}
