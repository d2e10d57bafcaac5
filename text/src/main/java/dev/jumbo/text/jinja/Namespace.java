package dev.jumbo.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** {@code namespace(...)}: the one thing that a template may change. */
final class Namespace {
    private final Map<String, Object> values = new HashMap<>();

    Map<String, Object> values() {
        return values;
    }
}
