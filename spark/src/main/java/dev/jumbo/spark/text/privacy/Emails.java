package dev.jumbo.spark.text.privacy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Addresses with a domain of two labels or more, or an IP address in brackets; the local part may be quoted. Names of image files for dense screens, {@code
 * icon@2x.png}, are none, nor are the users of version control, {@code git@github.com:org/repo}, who are no persons.
 */
final class Emails {
    private static final Pattern ADDRESS = Pattern.compile(
            "[\\p{L}\\p{N}._%+'-]+@(?:\\[(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|IPv6:[0-9A-Fa-f:.]+)\\]|(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?\\.)+\\p{L}{2,24})");
    private static final Set<String> FILES =
            Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "css", "js", "html", "htm", "php", "pdf");
    /** Users of version control, where a path follows; the first one everywhere. */
    private static final Set<String> NOBODY = Set.of("git", "hg", "svn", "gitlab", "gitea", "aur");

    private static final int LONGEST = 254;
    private static final int LONGEST_LOCAL = 64;
    private static final String LOCAL_SIGNS = "._%+'-";

    private Emails() {}

    static void find(Line line, List<Span> found) {
        if (line.ats() == 0 || line.dots() == 0) {
            return;
        }
        int last = line.start();
        for (int at = line.text().indexOf('@', line.start());
                at >= 0 && at < line.end();
                at = line.text().indexOf('@', at + 1)) {
            // The expression sees a piece around the sign that no address is longer than.
            int from = Math.max(last, at - LONGEST);
            int to = Math.min(line.end(), at + 1 + LONGEST);
            int quote = quote(line, last, at);
            if (quote >= 0) {
                // The expression sees a quoted part as one letter.
                Matcher matcher = ADDRESS.matcher("q" + line.text().substring(at, to));
                if (matcher.lookingAt()) {
                    last = at - 1 + matcher.end();
                    found.add(new Span(PrivateKind.EMAIL, quote, last));
                }
                continue;
            }
            Matcher matcher = ADDRESS.matcher(line.text().subSequence(from, to));
            if (matcher.find() && from + matcher.start() <= at && at < from + matcher.end()) {
                int start = from + matcher.start();
                int end = from + matcher.end();
                while (start < at && LOCAL_SIGNS.indexOf(line.at(start)) >= 0) {
                    start++;
                }
                String user = line.text().substring(start, at);
                boolean path = (line.at(end) == ':' || line.at(end) == '/') && line.at(end + 1) > ' ';
                boolean person = !user.equals("git") && !(path && NOBODY.contains(user));
                if (start < at && person && !isFile(line.text().substring(at, end))) {
                    found.add(new Span(PrivateKind.EMAIL, start, end));
                }
                last = end;
            } else {
                last = at + 1;
            }
        }
    }

    /** Where a quoted local part begins that ends before the sign; -1 if none does. */
    private static int quote(Line line, int from, int at) {
        if (line.at(at - 1) != '"') {
            return -1;
        }
        for (int i = at - 2; i >= Math.max(from, at - LONGEST_LOCAL); i--) {
            if (line.at(i) == '"' && line.at(i - 1) != '\\') {
                return i < at - 2 ? i : -1;
            }
        }
        return -1;
    }

    private static boolean isFile(String domain) {
        return FILES.contains(domain.substring(domain.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
