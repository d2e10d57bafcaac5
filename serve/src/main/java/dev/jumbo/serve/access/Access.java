package dev.jumbo.serve.access;

import com.linecorp.armeria.server.ServerBuilder;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.schedule.Admission;
import dev.jumbo.serve.schedule.Terms;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may ask a server what: what {@link Guard} knows. Tokens are read again by {@link #reload}. */
public final class Access {
    private final AccessConfig config;
    private final Token token;
    private final Sites sites;
    private final Networks proxies;
    private final WrongTokens wrongTokens;
    private final Quotas quotas;
    private final boolean admin;
    private final boolean loopback;
    private volatile Tokens tokens;
    private volatile int adminPort = -1;
    private volatile byte @Nullable [] self;

    /**
     * Reads the tokens.
     *
     * @param token the one of the environment or of {@code token_file}, or {@link Token#NONE}
     * @param loopback whether only this machine can reach the server
     * @param admin whether there is an admin port
     * @throws InputException if the file of tokens is wrong, or there is an admin port and no token is good for it
     */
    public Access(AccessConfig config, Token token, boolean loopback, boolean admin) {
        this.config = config;
        this.token = token;
        this.admin = admin;
        this.loopback = loopback;
        sites = new Sites(config, loopback);
        proxies = Networks.of(config.forwarded());
        wrongTokens = new WrongTokens(config.wrongTokensPerMinute(), System::nanoTime);
        quotas = new Quotas(System::nanoTime);
        tokens = read();
    }

    private Tokens read() {
        String file = config.tokensFile();
        Tokens read = token.with(
                file == null ? new Tokens(List.of()) : TokensFile.read(file, config.quota()), config.quota());
        if (admin
                && !read.isEmpty()
                && read.callers().stream().noneMatch(c -> c.scopes().contains(TokenScope.ADMIN))) {
            throw new InputException(
                    "serve.admin_port: expected a token with the scope admin in serve.access.tokens_file,"
                            + " received none; add one with: jumbo token NAME --scopes admin");
        }
        return read;
    }

    /** Lets the server ask itself, until {@link #endSelf}. @return the header Authorization by which it is known */
    public String beginSelf() {
        String header = "Bearer " + TokensFile.secret();
        self = header.getBytes(StandardCharsets.UTF_8);
        return header;
    }

    public void endSelf() {
        self = null;
    }

    /** Whether the server itself sends a header. */
    boolean isSelf(List<String> authorization) {
        byte[] own = self;
        return own != null
                && authorization.size() == 1
                && MessageDigest.isEqual(own, authorization.get(0).getBytes(StandardCharsets.UTF_8));
    }

    /** Puts the guard before every route of a server. */
    public void on(ServerBuilder server) {
        server.defaultHostname(Sites.MISSING)
                .absoluteUriTransformer(Sites::path)
                .clientAddressTrustedProxyFilter(proxies::contains)
                .decorator(new Guard(this));
    }

    /** Whether nobody has to say who it is. */
    public boolean isOpen() {
        return tokens.isEmpty();
    }

    /**
     * Reads the file of tokens again.
     *
     * @return puts what was read in place
     * @throws InputException if it is wrong
     */
    public Runnable reading() {
        Tokens read = read();
        if (read.isEmpty() && !tokens.isEmpty()) {
            throw new InputException("expected a token, received none");
        }
        return () -> tokens = read;
    }

    /** Names of those who have a token. */
    public List<String> callers() {
        return tokens.callers().stream().map(Caller::name).toList();
    }

    /** Tells the port on which routes of administration are answered. */
    public void adminPort(int port) {
        adminPort = port;
    }

    /** What the scheduler asks before it does anything for a caller, whatever the protocol. */
    public Admission admission() {
        return new Admission() {
            @Override
            public void request(Terms terms, String model) {
                // Where the model is in the path the guard has asked; gRPC names it in the message.
                for (Caller caller : tokens.callers()) {
                    if (caller.name().equals(terms.caller())) {
                        caller.requireModel(model);
                    }
                }
            }

            @Override
            public void rows(Terms terms, long rows) {
                quotas.rows(terms.caller(), rows);
            }
        };
    }

    boolean hasAdminPort() {
        return admin;
    }

    boolean isLoopback() {
        return loopback;
    }

    int adminPort() {
        return adminPort;
    }

    AccessConfig config() {
        return config;
    }

    Tokens tokens() {
        return tokens;
    }

    Sites sites() {
        return sites;
    }

    Networks proxies() {
        return proxies;
    }

    WrongTokens wrongTokens() {
        return wrongTokens;
    }

    Quotas quotas() {
        return quotas;
    }
}
