/** Arrays in files, as other programs save them: numpy's {@code .npy} and {@code .npz}, and {@code .safetensors}, by name. */
@NullMarked
package dev.jumbo.data.arrays;

import org.jspecify.annotations.NullMarked;
