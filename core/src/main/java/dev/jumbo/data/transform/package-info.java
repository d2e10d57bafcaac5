/**
 * Transforms from raw values to what a network takes: {@link dev.jumbo.data.transform.Tokenize} and others make it,
 * {@link dev.jumbo.data.transform.Transformed} shows a dataset through them, {@link dev.jumbo.data.transform.OpenTransforms} is the one place that applies them.
 */
@NullMarked
package dev.jumbo.data.transform;

import org.jspecify.annotations.NullMarked;
