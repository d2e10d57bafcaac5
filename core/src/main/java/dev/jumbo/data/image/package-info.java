/**
 * Images: IDX files, image folders, MNIST, and decoding of PNG and JPEG.
 *
 * <p>Every dataset here has one input field {@code image} {@code [C, H, W]} with values 0 to 255 and one target field
 * {@code label}, a class id:
 *
 * <pre>{@code
 * Mnist mnist = Mnist.load(Path.of("data/mnist"));
 * Dataset photos = ImageFolder.of(Path.of("data/photos"), Shape.of(3, 64, 64));
 * }</pre>
 *
 * <p>Files are untrusted: sizes that a header claims are checked against the file and against a limit before memory is
 * taken for them.
 */
@NullMarked
package dev.jumbo.data.image;

import org.jspecify.annotations.NullMarked;
