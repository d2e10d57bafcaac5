/**
 * Reports and charts of a run, for people: {@link dev.jumbo.train.report.ClassificationReport} as text, the rest as PNG
 * files that need no display.
 */
@NullMarked
package dev.jumbo.train.report;

import org.jspecify.annotations.NullMarked;
