package dev.jumbo.spark.text.privacy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Public addresses of the Internet. Private, local, multicast and documentation ranges identify nobody and stay. Four
 * numbers are no address where they are a part of a longer number, after a word such as <em>version</em>, after the name of a program and a slash ({@code
 * Chrome/80.0.3987.149}), after a comparison ({@code pip install x==1.2.3.4}), or where they begin with 1.3.6.1, as names of objects do (ASN.1).
 */
final class IpAddresses {
    private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]+");
    /** Beginnings of names of variables that hold an address: {@code ip.addr == 8.8.8.8}. */
    private static final Set<String> ADDRESS_NAMES = Set.of(
            "ip", "addr", "address", "host", "src", "dst", "source", "server", "client", "peer", "remote", "hostname");

    private IpAddresses() {}

    static void find(Line line, List<Span> found) {
        if (line.digits() >= 4 && line.dots() >= 3) {
            scan(V4, line, found);
        }
        if (line.digits() >= 2 && line.colons() >= 2) {
            scan(V6, line, found);
        }
    }

    private static void scan(Pattern pattern, Line line, List<Span> found) {
        Matcher matcher = pattern.matcher(line.text().subSequence(line.start(), line.end()));
        while (matcher.find()) {
            int start = line.start() + matcher.start();
            int end = line.start() + matcher.end();
            if (pattern == V6 && line.at(end - 1) == ':' && line.at(end - 2) != ':') {
                end--; // A colon of the sentence.
            }
            String text = line.text().substring(start, end);
            boolean address = pattern == V4
                    ? isFreeV4(line, start, end) && isPublicV4(text) && !isVersion(line, start)
                    : isFreeV6(line, start, end) && isPublicV6(text);
            if (address) {
                found.add(new Span(PrivateKind.IP, start, end));
            }
        }
    }

    private static boolean isFreeV4(Line line, int start, int end) {
        char before = line.at(start - 1);
        char after = line.at(end);
        boolean more = (after == '.' || after == '-' || after == '_') && line.isLetterOrDigit(end + 1);
        return !Character.isLetterOrDigit(before)
                && ".-_".indexOf(before) < 0
                && !Character.isLetterOrDigit(after)
                && !more;
    }

    private static boolean isFreeV6(Line line, int start, int end) {
        return !line.isLetterOrDigit(start - 1) && line.at(start - 1) != ':' && !line.isLetterOrDigit(end);
    }

    private static boolean isVersion(Line line, int start) {
        return line.text().startsWith("1.3.6.1", start)
                || Labels.before(line, start, Labels.VERSION)
                || isOfProgram(line, start)
                || isHeading(line, start)
                || isCompared(line, start);
    }

    /** Whether it numbers a part of a text: {@code 2.2.2.1) The first}. */
    private static boolean isHeading(Line line, int start) {
        int before = start;
        while (before > line.start() && line.at(before - 1) <= ' ') {
            before--;
        }
        return before == line.start() && line.at(start + 7) == ')';
    }

    /** Whether a name and one slash stand before: in a path, {@code http://host/}, there are two or none. */
    private static boolean isOfProgram(Line line, int start) {
        if (line.at(start - 1) != '/' || !Character.isLetter(line.at(start - 2))) {
            return false;
        }
        int begin = start - 1;
        while (begin > line.start()
                && (line.isLetterOrDigit(begin - 1) || line.at(begin - 1) == '-' || line.at(begin - 1) == '_')) {
            begin--;
        }
        return line.at(begin - 1) != '/' && line.at(begin - 1) != '.' && line.at(begin - 1) != ':';
    }

    /** Whether it is compared, as versions are, to what is not named an address. */
    private static boolean isCompared(Line line, int start) {
        int end = start;
        while (end > line.start() && line.at(end - 1) == ' ') {
            end--;
        }
        char last = line.at(end - 1);
        char before = line.at(end - 2);
        boolean operator = last == '=' && "=<>~!^".indexOf(before) >= 0 && before != ' '
                || (last == '^' || last == '~') && end == start;
        if (!operator) {
            return false;
        }
        while (end > line.start() && "=<>~!^ ".indexOf(line.at(end - 1)) >= 0) {
            end--;
        }
        int begin = end;
        while (begin > line.start() && Character.isLetter(line.at(begin - 1))) {
            begin--;
        }
        return !ADDRESS_NAMES.contains(line.text().substring(begin, end).toLowerCase(Locale.ROOT));
    }

    private static boolean isPublicV4(String address) {
        String[] parts = address.split("\\.");
        int[] n = new int[4];
        for (int i = 0; i < 4; i++) {
            n[i] = Integer.parseInt(parts[i]);
            if (n[i] > 255 || parts[i].length() > 1 && parts[i].charAt(0) == '0') {
                return false;
            }
        }
        int net = n[0] << 16 | n[1] << 8 | n[2];
        boolean local = n[0] == 0
                || n[0] == 10
                || n[0] == 127
                || n[0] == 100 && n[1] >= 64 && n[1] <= 127
                || n[0] == 169 && n[1] == 254
                || n[0] == 172 && n[1] >= 16 && n[1] <= 31
                || n[0] == 192 && n[1] == 168
                || n[0] == 198 && (n[1] == 18 || n[1] == 19)
                || n[0] >= 224;
        boolean documentation = net == 0xc00002 || net == 0xc63364 || net == 0xcb0071 || net == 0xc00000;
        return !local && !documentation;
    }

    /** Global unicast, 2000::/3, but the documentation range 2001:db8::/32: eight groups, or fewer with one double colon. */
    private static boolean isPublicV6(String address) {
        int gap = address.indexOf("::");
        if (gap >= 0 && address.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int groups = 0;
        for (String group : address.split(":")) {
            if (group.length() > 4) {
                return false;
            }
            groups += group.isEmpty() ? 0 : 1;
        }
        boolean whole = gap < 0 ? groups == 8 && !address.endsWith(":") : groups <= 7 && groups >= 2;
        String first = address.substring(0, address.indexOf(':'));
        return whole
                && first.length() == 4
                && (first.charAt(0) == '2' || first.charAt(0) == '3')
                && !address.toLowerCase(Locale.ROOT).startsWith("2001:db8:");
    }
}
