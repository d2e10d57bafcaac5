/**
 * How long an operation takes: by a data sheet ({@link DescribedCosts}), or between the samples that were measured on this
 * machine ({@link CalibratedCosts}).
 */
@NullMarked
package dev.jumbo.train.plan.cost;

import org.jspecify.annotations.NullMarked;
