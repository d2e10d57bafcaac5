/** What a model will be tested on must not be in what it learns from: overlap with evaluation sets by word n-grams. */
@NullMarked
package dev.jumbo.spark.text.decontaminate;

import org.jspecify.annotations.NullMarked;
