/** Examples whose label is likely wrong, found by what models said that had not seen them. */
@NullMarked
package dev.jumbo.train.labels;

import org.jspecify.annotations.NullMarked;
