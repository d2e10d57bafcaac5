package dev.jumbo.text.jinja;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of expressions. */
final class Evaluator {
    private final Budget budget;
    private final Scope globals;
    private final Filters filters;
    private final Tests tests;
    private final Methods methods;
    private final Arithmetic arithmetic;
    private final boolean strict;
    private Object captured = Nothing.NONE;

    Evaluator(Budget budget, Clock clock, boolean strict) {
        this.budget = budget;
        this.strict = strict;
        globals = Globals.of(budget, clock);
        tests = new Tests(budget);
        methods = new Methods(budget);
        filters = new Filters(budget, tests, this::attribute, this::item, strict);
        arithmetic = new Arithmetic(budget);
    }

    Scope globals() {
        return globals;
    }

    /** A value through the filters of a block. */
    Object filtered(Expression through, Object value, Scope scope) {
        Object before = captured;
        captured = value;
        Object made = value(through, scope);
        captured = before;
        return made;
    }

    Object value(Expression of, Scope scope) {
        Object value = perhaps(of, scope);
        if (strict && value instanceof Undefined missing) {
            throw missing.refused();
        }
        return value;
    }

    /** As {@link #value}, of what a test or a standard value asks for that may not be there. */
    private Object perhaps(Expression of, Scope scope) {
        budget.step();
        if (of instanceof Expression.Constant constant) {
            return constant.value();
        }
        if (of instanceof Expression.Name name) {
            Object found = scope.get(name.name());
            return found == null ? new Undefined("'" + name.name() + "'") : found;
        }
        if (of instanceof Expression.Attribute attribute) {
            return attribute(value(attribute.of(), scope), attribute.name());
        }
        if (of instanceof Expression.Item item) {
            return item(value(item.of(), scope), value(item.key(), scope));
        }
        if (of instanceof Expression.Call call) {
            return call(call, Map.of(), scope);
        }
        if (of instanceof Expression.Filter filter) {
            boolean may = filter.name().equals("default") || filter.name().equals("d");
            Object given = may ? perhaps(filter.of(), scope) : value(filter.of(), scope);
            return filters.apply(
                    filter.name(), given, positional(filter.arguments(), scope), named(filter.arguments(), scope));
        }
        if (of instanceof Expression.Test test) {
            boolean may = test.name().equals("defined") || test.name().equals("undefined");
            Object given = may ? perhaps(test.of(), scope) : value(test.of(), scope);
            return tests.apply(test.name(), given, positional(test.arguments(), scope)) != test.negated();
        }
        if (of instanceof Expression.Conditional conditional) {
            return conditional(conditional, scope);
        }
        if (of instanceof Expression.Binary binary) {
            return binary(binary, scope);
        }
        if (of instanceof Expression.Compare compare) {
            return compare(compare, scope);
        }
        return rest(of, scope);
    }

    private Object rest(Expression of, Scope scope) {
        if (of instanceof Expression.Unary unary) {
            Object value = value(unary.of(), scope);
            return unary.operator().equals("not")
                    ? (Object) !Values.isTrue(value)
                    : arithmetic.unary(unary.operator(), value);
        }
        if (of instanceof Expression.Concat concat) {
            StringBuilder text = new StringBuilder();
            for (Expression part : concat.parts()) {
                text.append(Values.text(value(part, scope), budget));
                budget.makes(text.length());
            }
            return text.toString();
        }
        if (of instanceof Expression.ListOf list) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(value(item, scope)));
            return list.tuple() ? new Tuple(items) : items;
        }
        if (of instanceof Expression.Dict dict) {
            Map<Object, Object> made = new LinkedHashMap<>();
            dict.entries().forEach(e -> made.put(Values.key(value(e.key(), scope)), value(e.value(), scope)));
            return made;
        }
        if (of instanceof Expression.Slice slice) {
            return Slices.of(
                    value(slice.of(), scope),
                    orNothing(slice.from(), scope),
                    orNothing(slice.to(), scope),
                    orNothing(slice.step(), scope),
                    budget);
        }
        return captured;
    }

    private Object orNothing(@Nullable Expression of, Scope scope) {
        return of == null ? Nothing.NONE : value(of, scope);
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (Values.isTrue(value(conditional.test(), scope))) {
            return value(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Undefined("the value of an if without else")
                : value(conditional.otherwise(), scope);
    }

    private Object binary(Expression.Binary binary, Scope scope) {
        Object left = value(binary.left(), scope);
        return switch (binary.operator()) {
            case "and" -> Values.isTrue(left) ? value(binary.right(), scope) : left;
            case "or" -> Values.isTrue(left) ? left : value(binary.right(), scope);
            default -> arithmetic.binary(binary.operator(), left, value(binary.right(), scope));
        };
    }

    private boolean compare(Expression.Compare compare, Scope scope) {
        Object left = value(compare.first(), scope);
        for (Expression.Comparison each : compare.rest()) {
            Object right = value(each.with(), scope);
            boolean holds = switch (each.operator()) {
                case "==" -> Values.equal(left, right, budget);
                case "!=" -> !Values.equal(left, right, budget);
                case "in" -> Values.contains(right, left, budget);
                case "not in" -> !Values.contains(right, left, budget);
                default -> Arithmetic.holds(each.operator(), Values.compare(left, right, budget));
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private List<Object> positional(Expression.Arguments arguments, Scope scope) {
        List<Object> values = new ArrayList<>();
        arguments.positional().forEach(each -> values.add(value(each, scope)));
        return values;
    }

    private Map<String, Object> named(Expression.Arguments arguments, Scope scope) {
        Map<String, Object> values = new LinkedHashMap<>();
        arguments.named().forEach((name, each) -> values.put(name, value(each, scope)));
        return values;
    }

    Object call(Expression.Call call, Map<String, Object> more, Scope scope) {
        Object called = value(call.of(), scope);
        if (called instanceof Undefined missing) {
            throw missing.refused();
        }
        if (!(called instanceof Callable callable)) {
            throw new Refused("expected a function or a macro to call, received " + Values.typeName(called));
        }
        List<Object> positional = positional(call.arguments(), scope);
        Map<String, Object> named = named(call.arguments(), scope);
        named.putAll(more);
        return callable.call(positional, named);
    }

    /** As {@code of.name}: methods before entries. */
    Object attribute(Object of, String name) {
        if (of instanceof Undefined missing) {
            throw missing.refused();
        }
        if (name.startsWith("_")) {
            throw new Refused(
                    "expected a value or a method that templates may use, received \"" + Text.shown(name) + "\"");
        }
        if (of instanceof Namespace namespace) {
            return namespace.values().getOrDefault(name, new Undefined("the namespace's '" + name + "'"));
        }
        if (of instanceof LoopState loop) {
            return loop.get(name);
        }
        Callable method = methods.of(of, name);
        if (method != null) {
            return method;
        }
        Object entry = of instanceof Map<?, ?> map ? map.get(name) : null;
        return entry == null ? new Undefined("'" + name + "' of " + Values.typeName(of)) : entry;
    }

    /** As {@code of[key]}: entries before methods. */
    Object item(Object of, Object key) {
        if (of instanceof Undefined missing) {
            throw missing.refused();
        }
        if (of instanceof Map<?, ?> map) {
            Object entry = map.get(Values.key(key));
            if (entry != null) {
                return entry;
            }
        }
        if (of instanceof List<?> list && (key instanceof Long || key instanceof Boolean)) {
            long at = Values.number(key).longValue();
            long place = at < 0 ? at + list.size() : at;
            return place < 0 || place >= list.size()
                    ? new Undefined("entry " + at + " of a list of " + list.size())
                    : list.get((int) place);
        }
        if (of instanceof String text && (key instanceof Long || key instanceof Boolean)) {
            return character(text, Values.number(key).longValue());
        }
        return key instanceof String name && !(of instanceof Nothing)
                ? attribute(of, name)
                : new Undefined("'" + Text.shown(Values.text(key, budget)) + "' of " + Values.typeName(of));
    }

    private Object character(String text, long at) {
        budget.made(text.length());
        int length = Text.length(text);
        long place = at < 0 ? at + length : at;
        return place < 0 || place >= length
                ? new Undefined("character " + at + " of a text of " + length)
                : Character.toString(text.codePointAt(Text.place(text, (int) place)));
    }
}
