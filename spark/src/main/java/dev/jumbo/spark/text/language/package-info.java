/** The language of a text, by Lingua's models of letter n-grams. */
@NullMarked
package dev.jumbo.spark.text.language;

import org.jspecify.annotations.NullMarked;
