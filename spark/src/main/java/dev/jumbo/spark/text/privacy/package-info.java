/**
 * Private data out of texts: what identifies a person is replaced by a placeholder that says what stood there.
 * Expressions run in linear time (re2j), and checksums decide where there are any.
 */
@NullMarked
package dev.jumbo.spark.text.privacy;

import org.jspecify.annotations.NullMarked;
