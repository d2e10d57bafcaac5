/** The list of all steps that files may name. */
@NullMarked
package dev.jumbo.spark.text.steps;

import org.jspecify.annotations.NullMarked;
