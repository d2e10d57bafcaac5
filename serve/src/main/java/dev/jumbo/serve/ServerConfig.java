package dev.jumbo.serve;

import dev.jumbo.config.Components;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.AccessConfig;
import dev.jumbo.serve.access.tls.TlsConfig;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.observe.ObserveConfig;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.schedule.SchedulingConfig;
import dev.jumbo.train.infer.EngineChoice;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens and what it takes. Bodies of requests and the values made of them take {@link
 * SchedulingConfig#memoryMb} at most.
 */
@Doc("Where the model server listens, and its limits.")
public record ServerConfig(
        @Doc("Address to bind. Any but the loopback address needs a token.") @Default("127.0.0.1")
        String host,

        @Doc("TCP port; 0 takes any free one.") @Default("8080")
        int port,

        @Doc("File that holds the bearer token; the environment variable JUMBO_TOKEN goes first.")
        @Default("null")
        @Nullable
        String tokenFile,

        @Doc("Longest body of a request, in bytes; a longer one gets 413.") @Default("8388608")
        long maxBodyBytes,

        @Doc("Requests that may wait beside those being computed; the next one gets 503.") @Default("1024")
        int maxQueue,

        @Doc("Predictions computed at once. Each uses all cores for large operations, so 1 or 2 are enough.")
        @Default("1")
        int threads,

        @Doc("Seconds until a request is given up, its body and its waiting included.") @Default("30")
        double timeoutSeconds,

        @Doc("Seconds that a stopping server waits for requests in flight.") @Default("30")
        double drainSeconds,

        @Doc("Connections at once; of more, those that are idle are closed, and requests on others get 503.")
        @Default("256")
        int maxConnections,

        @Doc("Which engine answers: auto takes the fastest that agrees with the model.") @Default("auto")
        EngineChoice engine,

        @Doc("Who may ask what, and from where.") @Default("{}")
        AccessConfig access,

        @Doc("TCP port for routes that change the server; without it nobody is answered there. 0 takes any free one.")
        @Default("null")
        @Nullable
        Integer adminPort,

        @Doc("Address of the admin port. Any but the loopback address needs a token with the scope admin.")
        @Default("127.0.0.1")
        String adminHost,

        @Doc("Certificates; without them connections are not encrypted.") @Default("null") @Nullable
        TlsConfig tls,

        @Doc("What the server tells about itself.") @Default("{}")
        ObserveConfig observe,

        @Doc("How models and versions come and go, where a repository of them is served.") @Default("{}")
        RepositoryConfig repository,

        @Doc("How requests wait, share batches and are refused.") @Default("{}")
        SchedulingConfig scheduling,

        @Doc("The most that one request may ask for.") @Default("{}")
        Limits limits) {
    public ServerConfig {
        require(!host.isBlank(), "host", "an address", host);
        require(port >= 0 && port <= 65_535, "port", "0 to 65535", port);
        require(
                maxBodyBytes > 0 && maxBodyBytes <= Integer.MAX_VALUE,
                "max_body_bytes",
                "1 to 2147483647",
                maxBodyBytes);
        require(maxQueue >= 0, "max_queue", "0 or more", maxQueue);
        require(threads >= 1, "threads", "1 or more", threads);
        require(timeoutSeconds > 0, "timeout_seconds", "more than 0", timeoutSeconds);
        require(drainSeconds >= 0, "drain_seconds", "0 or more", drainSeconds);
        require(maxConnections >= 1, "max_connections", "1 or more", maxConnections);
        require(!adminHost.isBlank(), "admin_host", "an address", adminHost);
        if (adminPort != null) {
            require(adminPort >= 0 && adminPort <= 65_535, "admin_port", "0 to 65535", adminPort);
            require(adminPort == 0 || adminPort != port, "admin_port", "another port than serve.port", adminPort);
        }
    }

    /** With the defaults of everything else, and without a warm-up. */
    public ServerConfig(
            String host,
            int port,
            @Nullable String tokenFile,
            long maxBodyBytes,
            int maxQueue,
            int threads,
            double timeoutSeconds,
            double drainSeconds,
            int maxConnections) {
        this(
                host,
                port,
                tokenFile,
                maxBodyBytes,
                maxQueue,
                threads,
                timeoutSeconds,
                drainSeconds,
                maxConnections,
                EngineChoice.AUTO,
                AccessConfig.DEFAULT,
                null,
                "127.0.0.1",
                null,
                ObserveConfig.DEFAULT,
                RepositoryConfig.standard(),
                SchedulingConfig.standard().withoutWarmUp(),
                Limits.standard());
    }

    /** Other rules of access. */
    public ServerConfig with(AccessConfig other) {
        return with(other, adminPort, tls, observe, scheduling);
    }

    /** With TLS. */
    public ServerConfig with(TlsConfig other) {
        return with(access, adminPort, other, observe, scheduling);
    }

    /** That tells other things about itself. */
    public ServerConfig with(ObserveConfig other) {
        return with(access, adminPort, tls, other, scheduling);
    }

    /** With other scheduling. */
    public ServerConfig with(SchedulingConfig other) {
        return with(access, adminPort, tls, observe, other);
    }

    /** With another way to look after a repository. */
    public ServerConfig with(RepositoryConfig other) {
        return Components.of(this).with("repository", other).record();
    }

    /** With an admin port on the loopback address. @param port 0 for any free one */
    public ServerConfig withAdminPort(int port) {
        return with(access, port, tls, observe, scheduling);
    }

    private ServerConfig with(
            AccessConfig access,
            @Nullable Integer adminPort,
            @Nullable TlsConfig tls,
            ObserveConfig observe,
            SchedulingConfig scheduling) {
        return new ServerConfig(
                host,
                port,
                tokenFile,
                maxBodyBytes,
                maxQueue,
                threads,
                timeoutSeconds,
                drainSeconds,
                maxConnections,
                engine,
                access,
                adminPort,
                adminHost,
                tls,
                observe,
                repository,
                scheduling,
                limits);
    }

    /** The defaults on the loopback address. @param port 0 for any free one */
    public static ServerConfig local(int port) {
        return new ServerConfig("127.0.0.1", port, null, 8 << 20, 1024, 1, 30, 30, 256);
    }

    private static void require(boolean right, String key, String expected, Object received) {
        if (!right) {
            throw new InputException("serve." + key + ": expected " + expected + ", received " + received);
        }
    }
}
