package dev.jumbo.serve;

import com.linecorp.armeria.common.SessionProtocol;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.access.Access;
import dev.jumbo.serve.access.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a server listens, and who can reach it there.
 *
 * @param loopback whether this machine alone can
 * @param encrypted whether TLS is spoken
 */
record ListeningPlace(String host, boolean loopback, boolean encrypted) {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningPlace.class);

    /** @throws InputException if the host has no address */
    static ListeningPlace of(ServerConfig config) {
        return new ListeningPlace(config.host(), isLoopback(config.host(), "serve.host"), config.tls() != null);
    }

    /** @throws InputException if a port is in use or an address is not this machine's */
    static void requireFree(ServerConfig config) {
        requireFree(config.host(), config.port(), "serve.port", "serve.host");
        if (config.adminPort() != null) {
            requireFree(config.adminHost(), config.adminPort(), "serve.admin_port", "serve.admin_host");
        }
    }

    private static void requireFree(String host, int port, String portKey, String hostKey) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (port == 0 || address.isUnresolved()) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(!System.getProperty("os.name").startsWith("Windows")); // As the server does.
            socket.bind(address);
        } catch (IOException e) {
            throw taken(host, port, portKey, hostKey, e);
        }
    }

    static InputException taken(String host, int port, String portKey, String hostKey, Exception cause) {
        return new InputException(
                "can't listen on " + host + ":" + port
                        + ": the port is in use or the address is not this machine's; choose another with " + portKey
                        + " or " + hostKey,
                cause);
    }

    SessionProtocol protocol() {
        return encrypted ? SessionProtocol.HTTPS : SessionProtocol.HTTP;
    }

    URI uri(int port) {
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create(String.format(Locale.ROOT, "%s://%s:%d/", encrypted ? "https" : "http", name, port));
    }

    /** Where this machine reaches a port of it. */
    InetSocketAddress here(int port) {
        InetSocketAddress listening = new InetSocketAddress(host, port);
        boolean everywhere = listening.isUnresolved() || listening.getAddress().isAnyLocalAddress();
        return everywhere ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port) : listening;
    }

    /** Who may ask there. @throws InputException if others can reach it and there is no token */
    Access access(ServerConfig config, Token token) {
        Access access = new Access(config.access(), token, loopback, config.adminPort() != null);
        if (access.isOpen()) {
            requireLoopback(loopback, host);
            if (config.adminPort() != null) {
                requireLoopback(isLoopback(config.adminHost(), "serve.admin_host"), config.adminHost());
            }
        }
        if (!loopback && !encrypted) {
            LOG.warn(
                    "serving on {} without TLS: tokens and data cross the network in clear text; set serve.tls, or put a proxy"
                            + " that encrypts in front",
                    host);
        }
        return access;
    }

    private static void requireLoopback(boolean loopback, String host) {
        if (!loopback) {
            throw new InputException(
                    "expected a token to serve on " + host + ", which others can reach, received none; set "
                            + Token.VARIABLE + ", serve.token_file or serve.access.tokens_file, or serve on 127.0.0.1");
        }
    }

    private static boolean isLoopback(String host, String key) {
        try {
            // All of them: a name may have several addresses.
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            throw new InputException(key + ": no address found for \"" + host + "\"", e);
        }
    }
}
