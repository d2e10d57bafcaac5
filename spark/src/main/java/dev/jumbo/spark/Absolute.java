package dev.jumbo.spark;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Configurations as they travel to nodes: a relative path means another file there, since an executor runs in a directory of
 * its own, so all are made absolute. Keys of stages and reports keep what the user wrote.
 */
public final class Absolute {
    /** Databases in a file: {@code jdbc:sqlite:data/x.db}; those in memory have no file. */
    private static final Pattern DATABASE_FILE =
            Pattern.compile("(jdbc:(?:sqlite|duckdb):(?:file:)?+)(?![/:]|\\w+:)([^?;]+)(.*)");

    private Absolute() {}

    /** The same record, and records in it, with absolute paths; itself where there is nothing relative. */
    public static <T> T of(T configuration) {
        return configuration instanceof Record ? cast(configuration, record(configuration)) : configuration;
    }

    @SuppressWarnings("unchecked") // A record of the same class.
    private static <T> T cast(T sample, Object made) {
        return (T) sample.getClass().cast(made);
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof Path path) {
            return path.toAbsolutePath().normalize();
        }
        if (value instanceof String text) {
            Matcher file = DATABASE_FILE.matcher(text);
            return file.matches()
                    ? file.group(1) + Path.of(file.group(2)).toAbsolutePath().normalize() + file.group(3)
                    : text;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Absolute::value).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> made = new LinkedHashMap<>();
            map.forEach((key, each) -> made.put(key, value(each)));
            return made;
        }
        return value instanceof Record ? record(value) : value;
    }

    private static Object record(Object given) {
        RecordComponent[] components = given.getClass().getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        boolean same = true;
        try {
            for (int c = 0; c < components.length; c++) {
                components[c].getAccessor().setAccessible(true); // Of records that are not public.
                Object old = components[c].getAccessor().invoke(given);
                values[c] = value(old);
                same &= old == null || old.equals(values[c]);
            }
            if (same) {
                return given;
            }
            Constructor<?> canonical = given.getClass()
                    .getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
