/**
 * Measures this machine: layers, peaks, precision, caches. It knows nothing of training, which asks it too ({@code precision:
 * auto}, the share of the peak that a step reaches).
 */
@NullMarked
package dev.jumbo.train.plan.machine;

import org.jspecify.annotations.NullMarked;
