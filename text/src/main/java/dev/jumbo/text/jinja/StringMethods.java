package dev.jumbo.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of Python's {@code str}. */
final class StringMethods {
    static final Set<String> NAMES = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "splitlines",
            "startswith",
            "endswith",
            "upper",
            "lower",
            "title",
            "capitalize",
            "casefold",
            "replace",
            "find",
            "rfind",
            "index",
            "count",
            "join",
            "isdigit",
            "isalpha",
            "isalnum",
            "isspace",
            "isupper",
            "islower",
            "isnumeric",
            "zfill",
            "ljust",
            "rjust",
            "removeprefix",
            "removesuffix",
            "partition",
            "rpartition",
            "format",
            "swapcase",
            "center");

    private StringMethods() {}

    static Object call(String text, String name, Arguments given, Budget budget) {
        return switch (name) {
            case "strip" -> Text.strip(text, true, true, given.textOrNull(0, "chars"));
            case "lstrip" -> Text.strip(text, true, false, given.textOrNull(0, "chars"));
            case "rstrip" -> Text.strip(text, false, true, given.textOrNull(0, "chars"));
            case "split", "rsplit" ->
                split(text, given.textOrNull(0, "sep"), given.whole(1, "maxsplit", -1), name.equals("rsplit"), budget);
            case "splitlines" -> lines(text, Values.isTrue(given.or(0, "keepends", false)), budget);
            case "startswith" -> affix(given, text::startsWith);
            case "endswith" -> affix(given, text::endsWith);
            case "upper" -> Text.upper(text);
            case "lower", "casefold" -> Text.lower(text);
            case "title" -> Text.title(text);
            case "capitalize" -> Text.capitalize(text);
            case "replace" ->
                replace(text, given.text(0, "old"), given.text(1, "new"), given.whole(2, "count", -1), budget);
            case "count" -> count(text, given.text(0, "sub"));
            case "join" -> join(text, Values.entries(given.require(0, "iterable"), budget), budget);
            case "removeprefix" ->
                text.startsWith(given.text(0, "prefix"))
                        ? text.substring(given.text(0, "prefix").length())
                        : text;
            case "removesuffix" ->
                text.endsWith(given.text(0, "suffix"))
                        ? text.substring(
                                0, text.length() - given.text(0, "suffix").length())
                        : text;
            case "format" -> Formats.format(text, given.positional(), given.named(), budget);
            case "swapcase" -> swapped(text);
            default -> more(text, name, given, budget);
        };
    }

    private static Object more(String text, String name, Arguments given, Budget budget) {
        return switch (name) {
            case "find", "rfind", "index" -> find(text, name, given);
            case "partition" -> partition(text, given.text(0, "sep"), false);
            case "rpartition" -> partition(text, given.text(0, "sep"), true);
            case "zfill", "ljust", "rjust", "center" -> padded(text, name, given, budget);
            case "isdigit", "isnumeric" -> all(text, Character::isDigit);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, Character::isLetterOrDigit);
            case "isspace" -> all(text, Text::isSpace);
            case "isupper" -> text.equals(Text.upper(text)) && !text.equals(Text.lower(text));
            default -> text.equals(Text.lower(text)) && !text.equals(Text.upper(text));
        };
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    private static String swapped(String text) {
        StringBuilder made = new StringBuilder();
        text.codePoints()
                .forEach(c -> made.append(
                        Character.isUpperCase(c)
                                ? Text.lower(Character.toString(c))
                                : Text.upper(Character.toString(c))));
        return made.toString();
    }

    /** A test of the start or the end. */
    private interface Affix {
        boolean test(String part);
    }

    private static boolean affix(Arguments given, Affix test) {
        Object wanted = given.require(0, "prefix");
        if (wanted instanceof Tuple all) {
            return all.stream().anyMatch(each -> each instanceof String part && test.test(part));
        }
        return test.test(given.text(0, "prefix"));
    }

    private static List<Object> split(String text, @Nullable String by, long most, boolean fromRight, Budget budget) {
        List<Object> parts = new ArrayList<>();
        long left = most < 0 ? Long.MAX_VALUE : most;
        if (by != null && by.isEmpty()) {
            throw new Refused("split: expected a separator, received an empty text");
        }
        budget.makes(text.length());
        if (by == null) {
            return fromRight && most >= 0 ? wordsFromRight(text, left) : words(text, left);
        }
        if (fromRight) {
            int end = text.length();
            for (int at = text.lastIndexOf(by); at >= 0 && left > 0; left--) {
                parts.add(text.substring(at + by.length(), end));
                end = at;
                at = at - by.length() < 0 ? -1 : text.lastIndexOf(by, at - by.length());
            }
            parts.add(text.substring(0, end));
            Collections.reverse(parts);
            return parts;
        }
        int from = 0;
        for (int at = text.indexOf(by); at >= 0 && left > 0; at = text.indexOf(by, from), left--) {
            parts.add(text.substring(from, at));
            from = at + by.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> words(String text, long most) {
        List<Object> words = new ArrayList<>();
        long left = most;
        int at = 0;
        while (true) {
            while (at < text.length() && Text.isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return words;
            }
            if (left-- == 0) {
                words.add(Text.strip(text.substring(at), false, true, null));
                return words;
            }
            int from = at;
            while (at < text.length() && !Text.isSpace(text.charAt(at))) {
                at++;
            }
            words.add(text.substring(from, at));
        }
    }

    private static List<Object> wordsFromRight(String text, long most) {
        List<Object> words = new ArrayList<>();
        int end = text.length();
        for (long left = most; ; left--) {
            while (end > 0 && Text.isSpace(text.charAt(end - 1))) {
                end--;
            }
            if (end == 0) {
                break;
            }
            int from = end;
            while (from > 0 && !Text.isSpace(text.charAt(from - 1))) {
                from--;
            }
            from = left == 0 ? 0 : from;
            words.add(Text.strip(text.substring(from, end), true, false, null));
            end = from;
        }
        Collections.reverse(words);
        return words;
    }

    private static List<Object> lines(String text, boolean keepEnds, Budget budget) {
        budget.makes(text.length());
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(c) >= 0) {
                int end = c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n' ? at + 2 : at + 1;
                lines.add(text.substring(from, keepEnds ? end : at));
                at = end - 1;
                from = end;
            }
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    static String replace(String text, String old, String other, long count, Budget budget) {
        StringBuilder made = new StringBuilder();
        long left = count < 0 ? Long.MAX_VALUE : count;
        int from = 0;
        int at = text.indexOf(old);
        while (at >= 0 && left-- > 0) {
            budget.requireSize((long) made.length() + other.length());
            made.append(text, from, at).append(other);
            from = at + old.length();
            if (!old.isEmpty()) {
                at = text.indexOf(old, from);
            } else if (at < text.length()) {
                int next = at + Character.charCount(text.codePointAt(at));
                made.append(text, at, next);
                from = next;
                at = next;
            } else {
                at = -1;
            }
        }
        made.append(text.substring(from));
        budget.makes(made.length());
        return made.toString();
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return Text.length(text) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    static String join(String between, List<?> parts, Budget budget) {
        StringBuilder made = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.get(i) instanceof String part)) {
                throw new Refused("join: expected texts, received " + Values.typeName(parts.get(i)));
            }
            budget.requireSize((long) made.length() + between.length() + part.length());
            made.append(i == 0 ? "" : between).append(part);
        }
        budget.makes(made.length());
        return made.toString();
    }

    private static long find(String text, String name, Arguments given) {
        String part = given.text(0, "sub");
        int length = Text.length(text);
        long from = given.whole(1, "start", 0);
        int first = (int) Math.max(0, Math.min(length, from < 0 ? from + length : from));
        int place = Text.place(text, first);
        int at = name.equals("rfind") ? text.lastIndexOf(part) : text.indexOf(part, place);
        at = at < place ? -1 : at;
        if (at < 0 && name.equals("index")) {
            throw new Refused("index: expected a part of the text, received \"" + Text.shown(part) + "\"");
        }
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private static Tuple partition(String text, String by, boolean last) {
        if (by.isEmpty()) {
            throw new Refused("partition: expected a separator, received an empty text");
        }
        int at = last ? text.lastIndexOf(by) : text.indexOf(by);
        if (at < 0) {
            return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
        }
        return new Tuple(List.of(text.substring(0, at), by, text.substring(at + by.length())));
    }

    private static String padded(String text, String name, Arguments given, Budget budget) {
        long missing = Math.max(0, given.whole(0, "width", 0) - Text.length(text));
        budget.makes(missing);
        String with = name.equals("zfill") ? "0" : given.get(1, "fillchar") == null ? " " : given.text(1, "fillchar");
        if (Text.length(with) != 1) {
            throw new Refused(name + ": expected one character to fill with");
        }
        String fill = with.repeat((int) missing);
        return switch (name) {
            case "ljust" -> text + fill;
            case "rjust" -> fill + text;
            case "center" -> {
                long width = given.whole(0, "width", 0);
                int left = (int) (missing / 2 + (missing & width & 1));
                yield with.repeat(left) + text + with.repeat((int) missing - left);
            }
            default ->
                text.startsWith("-") || text.startsWith("+") ? text.charAt(0) + fill + text.substring(1) : fill + text;
        };
    }
}
