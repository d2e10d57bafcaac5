package dev.jumbo.text.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that templates have: those of jinja2 and of transformers. */
final class Globals {
    private Globals() {}

    static Scope of(Budget budget, Clock clock) {
        Scope scope = new Scope(null);
        scope.set("range", (Callable) (arguments, named) -> range(arguments, budget));
        scope.set("dict", (Callable) (arguments, named) -> dict(arguments, named));
        scope.set("namespace", (Callable) (arguments, named) -> {
            Namespace namespace = new Namespace();
            dict(arguments, named).forEach((key, value) -> namespace.values().put(String.valueOf(key), value));
            return namespace;
        });
        scope.set("raise_exception", (Callable) (arguments, named) -> {
            Object message = arguments.isEmpty() ? named.getOrDefault("message", "") : arguments.get(0);
            throw new Refused("it refuses the conversation: " + Values.text(message, budget));
        });
        scope.set("strftime_now", (Callable) (arguments, named) -> {
            Object format = arguments.isEmpty() ? named.getOrDefault("format", "") : arguments.get(0);
            if (!(format instanceof String text)) {
                throw new Refused("strftime_now: expected a text, received " + Values.typeName(format));
            }
            return StrftimeText.of(text, ZonedDateTime.now(clock), budget);
        });
        return scope;
    }

    private static Map<Object, Object> dict(List<Object> arguments, Map<String, Object> named) {
        Map<Object, Object> made = new LinkedHashMap<>();
        if (arguments.size() > 1 || arguments.size() == 1 && !(arguments.get(0) instanceof Map)) {
            throw new Refused(
                    "dict: expected names and values, or a mapping, received " + arguments.size() + " values");
        }
        if (arguments.size() == 1) {
            made.putAll((Map<?, ?>) arguments.get(0));
        }
        made.putAll(named);
        return made;
    }

    private static List<Object> range(List<Object> arguments, Budget budget) {
        long[] bounds = {0, 0, 1};
        for (Object each : arguments) {
            if (each instanceof Undefined missing) {
                throw missing.refused();
            }
            if (!(each instanceof Long)) {
                throw new Refused("range: expected whole numbers, received " + Values.typeName(each));
            }
        }
        switch (arguments.size()) {
            case 1 -> bounds[1] = (Long) arguments.get(0);
            case 2, 3 -> {
                for (int i = 0; i < arguments.size(); i++) {
                    bounds[i] = (Long) arguments.get(i);
                }
            }
            default -> throw new Refused("range: expected 1 to 3 numbers, received " + arguments.size());
        }
        long step = bounds[2];
        if (step == 0) {
            throw new Refused("range: expected a step other than 0");
        }
        List<Object> all = new ArrayList<>();
        for (long i = bounds[0]; step > 0 ? i < bounds[1] : i > bounds[1]; ) {
            budget.requireSize(all.size() * 16L);
            budget.step();
            all.add(i);
            long next = i + step;
            if (step > 0 ? next < i : next > i) {
                break;
            }
            i = next;
        }
        return all;
    }
}
