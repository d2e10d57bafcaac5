/** Datasets of arrays of different lengths, and datasets made of others: weighted, cut, joined, mixed. */
@NullMarked
package dev.jumbo.data.sets;

import org.jspecify.annotations.NullMarked;
