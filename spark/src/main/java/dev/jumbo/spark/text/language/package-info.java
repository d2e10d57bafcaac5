/** The language of a text, by the models of letter n-grams that Lingua brings. */
@NullMarked
package dev.jumbo.spark.text.language;

import org.jspecify.annotations.NullMarked;
