package dev.jumbo.serve.http;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The path of a request target in absolute form, {@code GET http://host/v2}, which a server must take (RFC 9112, 3.2.2). The name in it
 * counts as one in {@code Host} does: under another than this server answers to, the target stays as it is, and is refused.
 *
 * @param allowed which authorities, {@code host} or {@code host:port}, this server answers to
 */
public record AbsoluteForm(Predicate<String> allowed) implements Function<String, String> {
    @Override
    public String apply(String target) {
        String lower = target.toLowerCase(Locale.ROOT);
        int start = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
        if (start < 0) {
            return target;
        }
        int end = start;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        String authority = target.substring(start, end);
        if (authority.isEmpty() || authority.indexOf('@') >= 0 || !allowed.test(authority)) {
            return target;
        }
        String path = target.substring(end);
        return path.startsWith("/") ? path : "/" + path;
    }
}
