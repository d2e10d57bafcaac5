/**
 * Tables that are cleaned on Spark by the steps of {@link dev.jumbo.data.clean}: the same configuration gives the same
 * values and the same report as on one machine.
 *
 * <p>Steps that look at one row at a time run on parts of the table as they are. For the others Spark first finds out what
 * they need of the whole table: the majority of each key, the first of equal rows, a column's mean, quantiles or most
 * frequent value. Then each part is repaired by the step's own code. Every row carries its edits, so that the report counts
 * what was written, however often a task was tried.
 */
@NullMarked
package dev.jumbo.spark.table;

import org.jspecify.annotations.NullMarked;
