/**
 * {@code digits}: handwritten digits that the program draws itself, so that a first run needs no download.
 *
 * <p>The way of an image: a style of its class ({@link dev.jumbo.data.digits.Glyphs}) -> points of the strokes, bent by
 * smooth waves and moved by a random affine map ({@link dev.jumbo.data.digits.Hand}) -> anti-aliased ink
 * ({@link dev.jumbo.data.digits.Ink}).
 */
@NullMarked
package dev.jumbo.data.digits;

import org.jspecify.annotations.NullMarked;
