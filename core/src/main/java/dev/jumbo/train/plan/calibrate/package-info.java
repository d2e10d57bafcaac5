/** Measures training on this machine as a whole: the only part of planning that trains. */
@NullMarked
package dev.jumbo.train.plan.calibrate;

import org.jspecify.annotations.NullMarked;
