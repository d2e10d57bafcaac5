/**
 * Where documents come from. An {@link dev.jumbo.spark.corpus.input.Input} is a record that files can name; it lists its
 * {@link dev.jumbo.spark.corpus.input.FileSplit}s on the driver, and tasks read each of them with a {@link
 * dev.jumbo.spark.corpus.input.Reading}.
 *
 * <p>Readers never fail on data: a record that cannot be read is an {@link dev.jumbo.spark.corpus.document.Entry} in
 * quarantine with its place and reason, and where the rest of a file cannot be read either, that is one more.
 */
@NullMarked
package dev.jumbo.spark.corpus.input;

import org.jspecify.annotations.NullMarked;
