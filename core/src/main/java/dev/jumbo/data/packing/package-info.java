/** Documents of tokens as examples of a language model: packed into blocks of one length, or each for itself. */
@NullMarked
package dev.jumbo.data.packing;

import org.jspecify.annotations.NullMarked;
