package dev.jumbo.serve.access;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may ask what, and from where. */
@Doc("Who may ask what, and from where.")
public record AccessConfig(
        @Doc("File of tokens with names and scopes, read again at SIGHUP; lines as jumbo token writes them.")
        @Default("null")
        @Nullable
        String tokensFile,

        @Doc(
                "Names under which the server is asked, as in the header Host (a port there does not count). On the loopback"
                        + " address they come beside its own names; elsewhere none given means any.")
        @Default("[]")
        List<String> hosts,

        @Doc("Origins whose pages may ask, such as https://console.example.com, beside the server's own.")
        @Default("[]")
        List<String> origins,

        @Doc("Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses or networks such as 10.0.0.0/8.")
        @Default("[]")
        List<String> forwarded,

        @Doc("Wrong tokens a minute from one address (of IPv6: its /64 network); more get 429.") @Default("100")
        int wrongTokensPerMinute,

        @Doc("What each caller may use whose token says nothing else.") @Default("{}")
        Allowance quota) {
    public static final AccessConfig DEFAULT =
            new AccessConfig(null, List.of(), List.of(), List.of(), 100, Allowance.NONE);

    public AccessConfig {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
        forwarded = List.copyOf(forwarded);
        if (wrongTokensPerMinute < 1) {
            throw new InputException(
                    "serve.access.wrong_tokens_per_minute: expected 1 or more, received " + wrongTokensPerMinute);
        }
        Sites.check(hosts, origins);
        Networks.of(forwarded);
    }
}
