package dev.jumbo.text.jinja;

import java.util.List;
import java.util.Map;

/** What a template may call: a macro, a method of a value, or one of the functions that are given to it. */
@FunctionalInterface
interface Callable {
    Object call(List<Object> arguments, Map<String, Object> named);
}
