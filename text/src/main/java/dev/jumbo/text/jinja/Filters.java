package dev.jumbo.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code |}. */
final class Filters {
    private static final Set<String> NAMES = Set.of(
            "trim",
            "upper",
            "lower",
            "length",
            "count",
            "join",
            "first",
            "last",
            "list",
            "tojson",
            "default",
            "d",
            "replace",
            "string",
            "int",
            "float",
            "abs",
            "round",
            "map",
            "select",
            "reject",
            "selectattr",
            "rejectattr",
            "sort",
            "unique",
            "reverse",
            "items",
            "dictsort",
            "indent",
            "capitalize",
            "title",
            "safe",
            "escape",
            "e",
            "max",
            "min",
            "sum",
            "format",
            "attr",
            "wordcount",
            "batch");

    /** Of prompts of tasks alone: transformers has no such filter. */
    private static final String REGEX = "regex_replace";

    private final Budget budget;
    private final Tests tests;
    private final BiFunction<Object, String, Object> attribute;
    private final BiFunction<Object, Object, Object> item;
    private final boolean more;

    Filters(
            Budget budget,
            Tests tests,
            BiFunction<Object, String, Object> attribute,
            BiFunction<Object, Object, Object> item,
            boolean more) {
        this.more = more;
        this.budget = budget;
        this.tests = tests;
        this.attribute = attribute;
        this.item = item;
    }

    private static boolean isKnown(String name, boolean more) {
        return NAMES.contains(name) || more && name.equals(REGEX);
    }

    /** @param more whether there is {@code regex_replace} @throws SyntaxRefused if there is no such filter */
    static void require(String name, int line, boolean more) {
        if (!isKnown(name, more)) {
            throw new SyntaxRefused(
                    "there is no filter \"" + Text.shown(name) + "\"; templates may use "
                            + NAMES.stream().sorted().toList(),
                    line);
        }
    }

    Object apply(String name, Object value, List<Object> positional, Map<String, Object> named) {
        if (!isKnown(name, more)) {
            throw new Refused("there is no filter \"" + Text.shown(name) + "\"");
        }
        Arguments given = new Arguments(name, positional, named);
        return switch (name) {
            case "trim" -> Text.strip(text(value), true, true, given.textOrNull(0, "chars"));
            case "upper" -> Text.upper(text(value));
            case "lower" -> Text.lower(text(value));
            case "capitalize" -> Text.capitalize(text(value));
            case "title" -> capitals(text(value));
            case "string", "safe" -> text(value);
            case "length", "count" -> length(value);
            case "tojson" -> json(value, given);
            case "default", "d" -> {
                boolean missing = value instanceof Undefined
                        || Values.isTrue(given.or(1, "boolean", false)) && !Values.isTrue(value);
                yield missing ? given.or(0, "default_value", "") : value;
            }
            case "replace" ->
                StringMethods.replace(
                        text(value),
                        text(given.require(0, "old")),
                        text(given.require(1, "new")),
                        given.get(2, "count") instanceof Long count ? count : -1,
                        budget);
            case REGEX ->
                RegexReplace.of(
                        text(value),
                        given.text(0, "pattern"),
                        given.text(1, "repl"),
                        given.whole(2, "count", 0),
                        budget);
            case "escape", "e" -> escaped(text(value));
            case "format" -> Formats.percent(text(value), new Tuple(positional), budget);
            case "indent" -> indented(text(value), given);
            case "wordcount" -> (long) text(value).trim().split("\\W+").length;
            case "int", "float", "abs", "round" -> Numbers.of(name, value, given);
            default -> ofList(name, value, given);
        };
    }

    private Object ofList(String name, Object value, Arguments given) {
        return switch (name) {
            case "join" -> join(value, given);
            case "first" -> end(value, true);
            case "last" -> end(value, false);
            case "list" -> Values.entries(value, budget);
            case "items" -> items(value);
            case "reverse" -> reversed(value);
            case "attr" -> attribute.apply(value, given.text(0, "name"));
            case "map" -> mapped(value, given);
            case "select" -> kept(value, given, 0, true);
            case "reject" -> kept(value, given, 0, false);
            case "selectattr" -> kept(value, given, 1, true);
            case "rejectattr" -> kept(value, given, 1, false);
            case "batch" -> batches(value, given);
            case "max", "min" -> extreme(value, name.equals("max"), given);
            case "sum" -> sum(value, given);
            case "unique" -> unique(value, given);
            case "dictsort" -> sorted(items(value), given, true);
            default -> sorted(Values.entries(value, budget), given, false);
        };
    }

    private String text(Object value) {
        String text = Values.text(value, budget);
        budget.made(text.length());
        return text;
    }

    private static String capitals(String text) {
        StringBuilder made = new StringBuilder();
        boolean start = true;
        for (int c : text.codePoints().toArray()) {
            String each = Character.toString(c);
            made.append(start ? Text.upper(each) : Text.lower(each));
            start = Text.isSpace(c) || "-({[<".indexOf(c) >= 0;
        }
        return made.toString();
    }

    private static long length(Object value) {
        if (value instanceof String text) {
            return Text.length(text);
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw new Refused("length: expected a text, a list or a mapping, received " + Values.typeName(value));
    }

    private String json(Object value, Arguments given) {
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        List<String> order = List.of("ensure_ascii", "indent", "separators", "sort_keys");
        for (int i = 0; i < Math.min(order.size(), given.positional().size()); i++) {
            named.put(order.get(i), given.positional().get(i));
        }
        return JsonText.of(value, named, budget);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private String indented(String text, Arguments given) {
        Object width = given.or(0, "width", 4L);
        String margin;
        if (width instanceof Long spaces) {
            budget.makes(Math.max(0, spaces));
            margin = " ".repeat((int) Math.max(0, spaces));
        } else {
            margin = given.text(0, "width");
        }
        boolean first = Values.isTrue(given.or(1, "first", false));
        boolean blank = Values.isTrue(given.or(2, "blank", false));
        StringBuilder made = new StringBuilder();
        List<Object> lines = new ArrayList<>(List.of((Object[]) (text + "\n").split("\n", -1)));
        lines.remove(lines.size() - 1);
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indents = i == 0 ? first : blank || !line.isEmpty();
            made.append(i == 0 ? "" : "\n").append(indents ? margin : "").append(line);
            budget.made(margin.length() + (long) line.length());
            budget.requireSize(made.length());
        }
        return made.toString();
    }

    private Object join(Object value, Arguments given) {
        List<Object> parts = Values.entries(value, budget);
        Object by = given.get(1, "attribute");
        List<String> texts = new ArrayList<>();
        for (Object part : parts) {
            texts.add(text(by == null ? part : path(part, by)));
        }
        return StringMethods.join(text(given.or(0, "d", "")), texts, budget);
    }

    private Object end(Object value, boolean first) {
        List<Object> all = Values.entries(value, budget);
        return all.isEmpty()
                ? new Undefined((first ? "the first" : "the last") + " of an empty list")
                : all.get(first ? 0 : all.size() - 1);
    }

    private List<Object> items(Object value) {
        List<Object> all = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            budget.makes(map.size());
            map.forEach((key, each) -> all.add(new Tuple(List.of(key, each))));
        } else if (!(value instanceof Undefined)) {
            throw new Refused("items: expected a mapping, received " + Values.typeName(value));
        }
        return all;
    }

    private Object reversed(Object value) {
        if (value instanceof String text) {
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> all = Values.entries(value, budget);
        Collections.reverse(all);
        return all;
    }

    /** As in {@code function.name} and {@code 0}. */
    private Object path(Object value, Object by) {
        Object found = value;
        if (by instanceof Long) {
            return item.apply(value, by);
        }
        for (String part : text(by).split("\\.", -1)) {
            found = item.apply(found, part.matches("[0-9]{1,9}") ? (Object) Long.valueOf(part) : part);
        }
        return found;
    }

    private List<Object> mapped(Object value, Arguments given) {
        List<Object> made = new ArrayList<>();
        Object by = given.named().get("attribute");
        if (by == null && given.positional().isEmpty()) {
            throw new Refused("map: expected a filter or an attribute, received none");
        }
        for (Object each : Values.entries(value, budget)) {
            if (by != null) {
                Object found = path(each, by);
                Object standard = given.named().get("default");
                made.add(found instanceof Undefined && standard != null ? standard : found);
            } else {
                List<Object> rest =
                        given.positional().subList(1, given.positional().size());
                made.add(apply(given.text(0, "filter"), each, rest, given.named()));
            }
        }
        return made;
    }

    /** @param attributes how many arguments say what is tested: none or one */
    private List<Object> kept(Object value, Arguments given, int attributes, boolean keeps) {
        List<Object> all = given.positional();
        List<Object> kept = new ArrayList<>();
        String test = all.size() > attributes ? given.text(attributes, "test") : null;
        List<Object> rest = all.size() > attributes + 1 ? all.subList(attributes + 1, all.size()) : List.of();
        for (Object each : Values.entries(value, budget)) {
            budget.step();
            Object tested = attributes == 0 ? each : path(each, given.require(0, "attribute"));
            boolean holds = test == null ? Values.isTrue(tested) : tests.apply(test, tested, rest);
            if (holds == keeps) {
                kept.add(each);
            }
        }
        return kept;
    }

    private List<Object> batches(Object value, Arguments given) {
        long size = given.whole(0, "linecount", 0);
        if (size < 1) {
            throw new Refused("batch: expected 1 or more, received " + size);
        }
        Object fill = given.or(1, "fill_with", Nothing.NONE);
        List<Object> batches = new ArrayList<>();
        List<Object> next = new ArrayList<>();
        for (Object each : Values.entries(value, budget)) {
            next.add(each);
            if (next.size() == size) {
                batches.add(next);
                next = new ArrayList<>();
            }
        }
        if (!next.isEmpty()) {
            budget.makes(size);
            while (!(fill instanceof Nothing) && next.size() < size) {
                next.add(fill);
            }
            batches.add(next);
        }
        return batches;
    }

    /** What is compared: an attribute where one is named, texts without regard to case unless that is asked for. */
    private Object compared(Object value, @Nullable Object by, boolean caseSensitive) {
        Object found = by == null ? value : path(value, by);
        return !caseSensitive && found instanceof String text ? Text.lower(text) : found;
    }

    private Object extreme(Object value, boolean most, Arguments given) {
        boolean sensitive = Values.isTrue(given.or(0, "case_sensitive", false));
        Object by = given.get(1, "attribute");
        Object best = null;
        for (Object each : Values.entries(value, budget)) {
            int order = best == null
                    ? 1
                    : Values.compare(compared(each, by, sensitive), compared(best, by, sensitive), budget);
            if (best == null || (most ? order > 0 && order != 2 : order < 0)) {
                best = each;
            }
        }
        return best == null ? new Undefined("the largest or smallest of an empty list") : best;
    }

    private Object sum(Object value, Arguments given) {
        Arithmetic arithmetic = new Arithmetic(budget);
        Object by = given.get(0, "attribute");
        Object sum = given.or(1, "start", 0L);
        for (Object each : Values.entries(value, budget)) {
            sum = arithmetic.binary("+", sum, by == null || by instanceof Nothing ? each : path(each, by));
        }
        return sum;
    }

    private List<Object> unique(Object value, Arguments given) {
        boolean sensitive = Values.isTrue(given.or(0, "case_sensitive", false));
        Object by = given.get(1, "attribute");
        List<Object> seen = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        for (Object each : Values.entries(value, budget)) {
            Object compared = compared(each, by, sensitive);
            if (seen.stream().noneMatch(other -> Values.equal(other, compared, budget))) {
                seen.add(compared);
                kept.add(each);
            }
        }
        return kept;
    }

    private List<Object> sorted(List<Object> all, Arguments given, boolean ofDict) {
        boolean sensitive = Values.isTrue(given.or(ofDict ? 0 : 1, "case_sensitive", false));
        boolean reverse = Values.isTrue(given.or(ofDict ? 2 : 0, "reverse", false));
        Object by = ofDict ? (Object) (given.or(1, "by", "key").equals("value") ? 1L : 0L) : given.get(2, "attribute");
        Comparator<Object> order =
                (a, b) -> Values.compare(compared(a, by, sensitive), compared(b, by, sensitive), budget);
        List<Object> sorted = new ArrayList<>(all);
        sorted.sort(reverse ? order.reversed() : order);
        return sorted;
    }
}
