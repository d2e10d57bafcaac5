package dev.jumbo.serve.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts wrong tokens by address (of IPv6 by /64 network, which one host has to itself) and in all.
 *
 * <p>An address that is over its limit gets 429 for any token, right or wrong, or trying would still tell which is right; only tokens
 * that were right from there before are taken, so that a client that guesses does not lock out those beside it behind one proxy. Wrong
 * tokens from everywhere together are answered 429 beyond ten times the limit; right ones are served.
 *
 * <p>Memory is bounded: the {@value #ADDRESSES} addresses seen last are remembered. So is the log: a line for an address when it
 * begins and when it reaches the limit, and at most {@value #LINES_A_MINUTE} lines a minute.
 */
final class WrongTokens {
    private static final Logger LOG = LoggerFactory.getLogger(WrongTokens.class);
    private static final int ADDRESSES = 10_000;
    private static final int KNOWN = 64;
    private static final int LINES_A_MINUTE = 10;
    private static final int IN_ALL = 10;

    /** What is known of an address. */
    private static final class Seen {
        final Bucket bucket;
        final Set<String> right = new HashSet<>();
        boolean begun;
        boolean limited;

        Seen(Bucket bucket) {
            this.bucket = bucket;
        }
    }

    private final int perMinute;
    private final LongSupplier clock;
    private final Bucket all;
    private final Bucket lines;
    private final Map<String, Seen> addresses = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > ADDRESSES;
        }
    };
    private long unsaid;

    WrongTokens(int perMinute, LongSupplier clock) {
        this.perMinute = perMinute;
        this.clock = clock;
        long now = clock.getAsLong();
        all = bucket((double) IN_ALL * perMinute, now);
        lines = bucket(LINES_A_MINUTE, now);
    }

    /**
     * Takes note of a token.
     *
     * @param caller whose it is; null if it is wrong
     * @return zero if the token is to be believed (or, if it is wrong, refused as such); else how long to wait
     */
    synchronized Duration note(InetAddress address, @Nullable Caller caller) {
        long now = clock.getAsLong();
        String key = key(address);
        Seen seen = addresses.get(key);
        if (caller != null) {
            return right(key, seen, caller, now);
        }
        if (seen == null) {
            seen = new Seen(bucket(perMinute, now));
            addresses.put(key, seen);
        }
        Duration wait = seen.bucket.take(1, now);
        Duration together = all.take(1, now);
        // A limited address is news again once its bucket was half full, not with each drop.
        seen.limited &= !seen.bucket.until(perMinute / 2.0, now).isZero();
        tell(key, seen, !wait.isZero(), now);
        return wait.compareTo(together) >= 0 ? wait : together;
    }

    private Duration right(String key, @Nullable Seen seen, Caller caller, long now) {
        if (seen == null) {
            seen = new Seen(bucket(perMinute, now));
            addresses.put(key, seen);
        }
        if (seen.right.contains(caller.name())) {
            return Duration.ZERO;
        }
        Duration wait = seen.bucket.until(1, now);
        if (wait.isZero() && seen.right.size() < KNOWN) {
            seen.right.add(caller.name());
        }
        return wait;
    }

    private void tell(String key, Seen seen, boolean over, long now) {
        boolean news = !seen.begun || (over && !seen.limited);
        seen.begun = true;
        seen.limited |= over;
        if (!news || !lines.take(1, now).isZero()) {
            unsaid++;
            return;
        }
        String more = unsaid == 0 ? "" : " (" + unsaid + " others since the last such line)";
        unsaid = 0;
        if (over) {
            LOG.warn("wrong tokens from {}: more than {} a minute, answering 429{}", key, perMinute, more);
        } else {
            LOG.warn("a wrong token from {}{}", key, more);
        }
    }

    private static Bucket bucket(double perMinute, long now) {
        return new Bucket(perMinute / TimeUnit.MINUTES.toSeconds(1), perMinute, now);
    }

    private static String key(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] network = Arrays.copyOf(address.getAddress(), 8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < network.length; i += 2) {
            text.append(Integer.toHexString((network[i] & 0xff) << 8 | (network[i + 1] & 0xff)))
                    .append(':');
        }
        return text + ":/64";
    }
}
