package dev.jumbo.text.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Python's {@code re.sub}, each character of which that is looked at counts as a step: no pattern runs on. */
final class RegexReplace {
    private RegexReplace() {}

    /** @param count so many places at most, 0 for all */
    static String of(String text, String pattern, String replacement, long count, Budget budget) {
        Matcher matcher;
        try {
            matcher = Pattern.compile(
                            pattern.replace("(?P<", "(?<"), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES)
                    .matcher(new Counted(text, budget));
        } catch (PatternSyntaxException e) {
            throw new Refused("regex_replace: expected a regular expression, received " + Text.shown(pattern) + ": "
                    + e.getDescription());
        }
        StringBuilder made = new StringBuilder();
        int from = 0;
        for (long left = count <= 0 ? Long.MAX_VALUE : count; left > 0 && matcher.find(); left--) {
            made.append(text, from, matcher.start());
            write(matcher, replacement, made);
            budget.requireSize(made.length());
            from = matcher.end();
        }
        return made.append(text, from, text.length()).toString();
    }

    /** {@code \1} is a group. */
    private static void write(Matcher matcher, String replacement, StringBuilder into) {
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            char next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : ' ';
            if (c != '\\') {
                into.append(c);
            } else if (next >= '1' && next <= '9') {
                int group = next - '0';
                if (group > matcher.groupCount()) {
                    throw new Refused("regex_replace: expected a group of the pattern, received \\" + next);
                }
                String found = matcher.group(group);
                into.append(found == null ? "" : found);
                i++;
            } else if (next == '\\' || next == 'n') {
                into.append(next == 'n' ? '\n' : '\\');
                i++;
            } else {
                throw new Refused("regex_replace: expected \\1 to \\9, \\\\ or \\n, received \\" + next);
            }
        }
    }

    private record Counted(CharSequence text, Budget budget) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.step();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
