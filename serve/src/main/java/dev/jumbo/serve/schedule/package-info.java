/**
 * From a whole request to its answer: {@link dev.jumbo.serve.schedule.Inference} is what every protocol calls; behind it a bounded
 * number of requests wait for the few threads that compute.
 */
@NullMarked
package dev.jumbo.serve.schedule;

import org.jspecify.annotations.NullMarked;
