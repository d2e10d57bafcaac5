package dev.jumbo.text.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of a part of a template, in front of those around it. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Object> values = new HashMap<>();

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    @Nullable
    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Object found = scope.values.get(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
