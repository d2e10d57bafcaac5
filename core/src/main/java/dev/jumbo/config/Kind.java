package dev.jumbo.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name by which files choose this record where several are possible. In a file a kind is a mapping with one key,
 * {@code conv2d: {filters: 32, kernel_size: 3}}; with a single value for the first component, {@code dense: 10}; or the
 * bare name where nothing is required, {@code flatten}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kind {
    String value();
}
