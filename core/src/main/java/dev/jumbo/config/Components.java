package dev.jumbo.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record by their names, to make one that differs in some of them: a record of thirty is then listed in one
 * place, its declaration, and none of its values can be mistaken for another of the same type. Immutable.
 *
 * <pre>{@code
 * TrainConfig longer = Components.of(config).with("epochs", 20).record();
 * }</pre>
 */
public final class Components<R extends Record> {
    private final Class<R> type;
    private final Map<String, @Nullable Object> values;

    private Components(Class<R> type, Map<String, @Nullable Object> values) {
        this.type = type;
        this.values = values;
    }

    /** Those of a record. */
    public static <R extends Record> Components<R> of(R record) {
        @SuppressWarnings("unchecked") // A record's class is final.
        Class<R> type = (Class<R>) record.getClass();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            try {
                values.put(component.getName(), accessor.invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record whose components cannot be read: " + type.getName(), e);
            }
        }
        return new Components<>(type, values);
    }

    /**
     * These with another value. What the record itself asks of it is checked by {@link #record}.
     *
     * @param name of the component, as in Java
     * @throws IllegalArgumentException if there is no such component
     */
    public Components<R> with(String name, @Nullable Object value) {
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException(type.getSimpleName() + " has no component " + name);
        }
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new Components<>(type, changed);
    }

    /** The value of a component. */
    public @Nullable Object get(String name) {
        return values.get(name);
    }

    /** All values under the keys that files have for them, in the order of their declaration. */
    public Map<String, @Nullable Object> byKey() {
        Map<String, @Nullable Object> keyed = new LinkedHashMap<>();
        values.forEach((name, value) -> keyed.put(Names.snake(name), value));
        return keyed;
    }

    /** A record of these. @throws RuntimeException what its constructor throws */
    public R record() {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values.values().toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("could not make a " + type.getSimpleName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record without its canonical constructor: " + type.getName(), e);
        }
    }
}
