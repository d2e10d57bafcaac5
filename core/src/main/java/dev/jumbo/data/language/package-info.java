/** Texts as long sequences of ids, and the windows that language models learn from. */
@NullMarked
package dev.jumbo.data.language;

import org.jspecify.annotations.NullMarked;
