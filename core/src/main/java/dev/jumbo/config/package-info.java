/**
 * Records to and from JSON and YAML, by one set of rules for every file of Jumbo: run configurations, {@code
 * model.json}, preprocessing.
 *
 * <ul>
 *   <li>Keys are the names of the record's components in snake_case: {@code kernelSize} is {@code kernel_size}.
 *   <li>{@link dev.jumbo.config.Default} gives the value of a key that is left out; a component without one is required.
 *   <li>{@link dev.jumbo.config.Doc} describes a key, for the JSON Schema and for {@code init}.
 *   <li>{@link dev.jumbo.config.Kind} names a record where a file may choose between several: {@code dense: {units: 10}}.
 * </ul>
 */
@NullMarked
package dev.jumbo.config;

import org.jspecify.annotations.NullMarked;
