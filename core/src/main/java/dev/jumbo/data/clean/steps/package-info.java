/**
 * Steps that need no package of their own: missing values, outliers, duplicates, spelling. {@link
 * dev.jumbo.data.clean.steps.CleaningSteps} lists every step that files may name.
 */
@NullMarked
package dev.jumbo.data.clean.steps;

import org.jspecify.annotations.NullMarked;
