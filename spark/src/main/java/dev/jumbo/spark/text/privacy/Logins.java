package dev.jumbo.spark.text.privacy;

import java.util.List;

/** User and password in an address: {@code https://user:password@host/}. What is found ends before the {@code @}. */
final class Logins {
    private static final int LONGEST = 256;

    private Logins() {}

    static void find(Line line, List<Span> found) {
        if (line.ats() == 0 || line.colons() < 2) {
            return;
        }
        for (int slashes = line.text().indexOf("://", line.start());
                slashes >= 0 && slashes < line.end();
                slashes = line.text().indexOf("://", slashes + 3)) {
            int start = slashes + 3;
            int at = end(line, start);
            int colon = line.text().indexOf(':', start);
            if (at > start && colon > start && colon < at - 1) {
                found.add(new Span(PrivateKind.LOGIN, start, at));
            }
        }
    }

    /** The last {@code @} of an authority that starts here; 0 if it has none. */
    private static int end(Line line, int start) {
        int at = 0;
        for (int i = start; i < line.end() && i - start < LONGEST; i++) {
            char c = line.at(i);
            if (c == '@') {
                at = i;
            } else if (c <= ' ' || "/?#\"'<>{}`|\\".indexOf(c) >= 0) {
                break;
            }
        }
        return at;
    }
}
