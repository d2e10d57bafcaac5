package dev.jumbo.spark.text.privacy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Addresses with a domain of two labels or more. Names of image files for dense screens, {@code icon@2x.png}, are none. */
final class Emails {
    private static final Pattern ADDRESS = Pattern.compile(
            "[\\p{L}\\p{N}._%+'-]+@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?\\.)+\\p{L}{2,24}");
    private static final Set<String> FILES =
            Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "css", "js", "html", "htm", "php", "pdf");
    private static final int LONGEST = 254;
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
            Matcher matcher = ADDRESS.matcher(line.text().subSequence(from, to));
            if (matcher.find() && from + matcher.start() <= at && at < from + matcher.end()) {
                int start = from + matcher.start();
                int end = from + matcher.end();
                while (start < at && LOCAL_SIGNS.indexOf(line.at(start)) >= 0) {
                    start++;
                }
                if (start < at && !isFile(line.text().substring(at, end))) {
                    found.add(new Span(PrivateKind.EMAIL, start, end));
                }
                last = end;
            } else {
                last = at + 1;
            }
        }
    }

    private static boolean isFile(String domain) {
        return FILES.contains(domain.substring(domain.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
