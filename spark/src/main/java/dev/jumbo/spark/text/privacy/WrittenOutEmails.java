package dev.jumbo.spark.text.privacy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;

/**
 * Addresses that people write so that programs do not find them: {@code jane [at] example.org}, {@code jane at example dot org}, {@code
 * jane_AT_example_DOT_org}, {@code jane&#64;example.org}. Without brackets <em>at</em> counts with <em>dot</em> alone.
 */
final class WrittenOutEmails {
    private static final String NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N}._%+-]*";
    private static final String LABEL = "[\\p{L}\\p{N}][\\p{L}\\p{N}-]*";
    private static final String DOT =
            "(?:\\.|\\s*[\\[({<]\\s*(?:dot|\\.|punkt|point|punto)\\s*[\\])}>]\\s*|\\s+dot\\s+|_dot_)";
    private static final String SURE_AT =
            "(?:\\s*[\\[({<]\\s*(?:at|@|\u00e4t)\\s*[\\])}>]\\s*|&#64;|&#x40;|&commat;|%40)";
    private static final String LOOSE_AT = "(?:\\s+at\\s+|_at_|\\s*@\\s*)";
    private static final String SURE_DOT = "(?:\\s*[\\[({<]\\s*dot\\s*[\\])}>]\\s*|\\s+dot\\s+|_dot_)";

    private static final Pattern BRACKETS =
            Pattern.compile("(?i)" + NAME + SURE_AT + LABEL + "(?:" + DOT + LABEL + ")*" + DOT + "\\p{L}{2,24}\\b");
    private static final Pattern WORDS = Pattern.compile("(?i)" + NAME + "(?:" + SURE_DOT + NAME + ")?" + LOOSE_AT
            + LABEL + "(?:" + SURE_DOT + LABEL + ")*" + SURE_DOT + "(?:com|org|net|edu|gov|mil|info|io|[a-z]{2})\\b");

    private WrittenOutEmails() {}

    static void find(Line line, List<Span> found) {
        if (mayHaveSign(line)) {
            scan(BRACKETS, line, found);
        }
        if (mayHaveDot(line)) {
            scan(WORDS, line, found);
        }
    }

    private static void scan(Pattern pattern, Line line, List<Span> found) {
        Matcher matcher = pattern.matcher(line.text().subSequence(line.start(), line.end()));
        while (matcher.find()) {
            found.add(new Span(PrivateKind.EMAIL, line.start() + matcher.start(), line.start() + matcher.end()));
        }
    }

    /** Whether a bracket stands before <em>at</em> or its sign, or the sign is there as in HTML or in an address. */
    private static boolean mayHaveSign(Line line) {
        for (int i = line.start(); i + 2 < line.end(); i++) {
            char c = line.at(i);
            if (c == '[' || c == '(' || c == '{' || c == '<') {
                int next = i + 1;
                while (line.at(next) == ' ' && next < i + 3) {
                    next++;
                }
                char first = line.at(next);
                if (first == '@'
                        || (first == 'a' || first == 'A' || first == '\u00e4') && (line.at(next + 1) | 32) == 't') {
                    return true;
                }
            } else if (c == '&' && (line.at(i + 1) == '#' || line.at(i + 1) == 'c')
                    || c == '%' && line.at(i + 1) == '4' && line.at(i + 2) == '0') {
                return true;
            }
        }
        return false;
    }

    private static boolean mayHaveDot(Line line) {
        for (int i = line.start(); i + 4 < line.end(); i++) {
            if ((line.at(i) | 32) == 'd'
                    && (line.at(i + 1) | 32) == 'o'
                    && (line.at(i + 2) | 32) == 't'
                    && !Character.isLetterOrDigit(line.at(i - 1))
                    && !Character.isLetterOrDigit(line.at(i + 3))) {
                return true;
            }
        }
        return false;
    }
}
