/**
 * A new version beside the one that answers: a share of the requests, counted and compared ({@link
 * dev.jumbo.serve.repository.canary.CanaryTrial}), until it is promoted or rolled back.
 */
@NullMarked
package dev.jumbo.serve.repository.canary;

import org.jspecify.annotations.NullMarked;
