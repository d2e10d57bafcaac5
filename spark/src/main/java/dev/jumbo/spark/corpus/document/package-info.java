/**
 * A document as it lies in the files between two stages: {@link dev.jumbo.spark.corpus.document.Entry}, with what became
 * of it. Documents that a stage dropped stay in its output with the reason and the beginning of their text, so that every
 * count of a report is a count of rows, exact however often Spark ran a task.
 */
@NullMarked
package dev.jumbo.spark.corpus.document;

import org.jspecify.annotations.NullMarked;
