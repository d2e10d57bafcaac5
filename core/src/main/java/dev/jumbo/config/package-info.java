/**
 * Records to and from JSON and YAML, by one set of rules for every file of Jumbo: run configurations, {@code
 * model.json}, preprocessing.
 *
 * <ul>
 *   <li>Keys are the names of the record's components in snake_case: {@code kernelSize} is {@code kernel_size}.
 *   <li>{@link dev.jumbo.config.Default} gives the value of a key that is left out; a component without one is required.
 *   <li>{@link dev.jumbo.config.Doc} describes a key, for the JSON Schema and for {@code init}.
 *   <li>{@link dev.jumbo.config.Kind} names a record where a file may choose between several: {@code dense: {units: 10}}.
 *   <li>{@link dev.jumbo.config.Scalar} gives a type short forms: a size is {@code 3} or {@code [3, 5]}.
 * </ul>
 *
 * {@link dev.jumbo.config.YamlFile} reads YAML and JSON into a {@link dev.jumbo.config.ConfigDocument}, which knows the line of
 * every key; {@link dev.jumbo.config.Overrides} sets values from the command line; {@link dev.jumbo.config.Records} makes
 * records of it and trees of records; {@link dev.jumbo.config.YamlText} writes trees as text.
 */
@NullMarked
package dev.jumbo.config;

import org.jspecify.annotations.NullMarked;
