package dev.jumbo.text.jinja;

import dev.jumbo.error.InputException;
import java.util.regex.Matcher;

/** Python's {@code re.sub}, each character of which that is looked at counts as a step: no pattern runs on. */
final class RegexReplace {
    private RegexReplace() {}

    /** @param count so many places at most, 0 for all */
    static String of(String text, String pattern, String replacement, long count, Budget budget) {
        try {
            return PythonPattern.of(pattern)
                    .in(text, budget::step, matcher -> replaced(text, matcher, replacement, count, budget));
        } catch (InputException e) {
            throw new Refused("regex_replace: " + e.getMessage());
        }
    }

    private static String replaced(String text, Matcher matcher, String replacement, long count, Budget budget) {
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
}
