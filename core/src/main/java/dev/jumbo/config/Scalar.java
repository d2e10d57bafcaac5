package dev.jumbo.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A short form in files. On a static method with one parameter: the type may also be written as that parameter, for
 * example as {@code 3} or {@code [3, 5]} for a size. On an instance method without parameters: the type is written
 * as what that method returns (a number, a text, or a list or array of those), which one of the static ones must accept.
 *
 * <pre>{@code
 * record Size2d(int height, int width) {
 *     @Scalar static Size2d of(int side) {...}
 *     @Scalar static Size2d of(List<Integer> sides) {...}
 *     @Scalar Object toPlain() {...}
 * }
 * }</pre>
 *
 * One static method at most takes lists (or arrays), one texts (or enums), one numbers, and one mappings. One that takes a
 * record reads a form with other keys, such as that of older files: a mapping that has all its required keys and no others.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Scalar {}
