/** Rectangles on a picture ({@link dev.jumbo.data.Meaning.Boxes}), and where they go when the picture is resized, moved, cut or mirrored. */
@NullMarked
package dev.jumbo.data.boxes;

import org.jspecify.annotations.NullMarked;
