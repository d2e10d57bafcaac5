/**
 * Measures this machine: the layers, the optimizer, the loader and the ways between processes that training uses. The
 * only part of planning that computes.
 */
@NullMarked
package dev.jumbo.train.plan.calibrate;

import org.jspecify.annotations.NullMarked;
