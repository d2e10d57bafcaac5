package dev.jumbo.spark.text.quality;

/** What spaCy takes for an address of the web or of mail, and does not split inside: scheme, user and path are optional. */
final class SpacyUrls {
    private static final int MOST_SIGNS = 16;

    private SpacyUrls() {}

    static boolean matches(String text, int from, int to) {
        if (rest(text, from, to)) {
            return true;
        }
        int scheme = text.indexOf("://", from);
        if (scheme > from + 1 && scheme < to && isScheme(text, from, scheme) && rest(text, scheme + 3, to)) {
            return true;
        }
        int signs = 0;
        for (int at = text.indexOf('@', from + 1);
                at >= 0 && at < to && signs < MOST_SIGNS;
                at = text.indexOf('@', at + 1)) {
            if (rest(text, at + 1, to)) {
                return true;
            }
            signs++;
        }
        return false;
    }

    private static boolean isScheme(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!Character.isLetterOrDigit(c) && "_+-.".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Host, port and path. */
    private static boolean rest(String text, int from, int to) {
        int end = from;
        while (end < to && isHost(text.charAt(end))) {
            end++;
        }
        if (!isDomain(text, from, end) && !isAddress(text.substring(from, end))) {
            return false;
        }
        if (end < to && text.charAt(end) == ':') {
            int port = end + 1;
            while (port < to && SpacyCharacters.isDigit(text.charAt(port))) {
                port++;
            }
            if (port - end < 3 || port - end > 6) {
                return false;
            }
            end = port;
        }
        return end == to || "/?#".indexOf(text.charAt(end)) >= 0;
    }

    private static boolean isPlain(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xa1;
    }

    private static boolean isHost(char c) {
        return isPlain(c) || c == '_' || c == '-' || c == '.';
    }

    private static boolean isDomain(String text, int from, int to) {
        int last = text.lastIndexOf('.', to - 1);
        if (last <= from || to - last - 1 < 2 || to - last - 1 > 63) {
            return false;
        }
        for (int i = last + 1; i < to; i++) {
            if (!SpacyCharacters.isLower(text.charAt(i))) {
                return false;
            }
        }
        int start = from;
        for (int i = from; i <= last; i++) {
            if (text.charAt(i) == '.') {
                if (i == start || i - start > 64 || !isPlain(text.charAt(start)) || !isPlain(text.charAt(i - 1))) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    private static boolean isAddress(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        int[] n = new int[4];
        for (int i = 0; i < 4; i++) {
            if (parts[i].isEmpty() || parts[i].length() > 3 || !parts[i].chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
            n[i] = Integer.parseInt(parts[i]);
        }
        boolean local = n[0] == 10
                || n[0] == 127
                || n[0] == 169 && n[1] == 254
                || n[0] == 192 && n[1] == 168
                || n[0] == 172 && n[1] >= 16 && n[1] <= 31;
        return !local && n[0] >= 1 && n[0] <= 223 && n[1] <= 255 && n[2] <= 255 && n[3] >= 1 && n[3] <= 254;
    }
}
