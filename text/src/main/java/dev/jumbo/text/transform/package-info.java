/** Texts of a dataset's field become the ids of a tokenizer: what the module adds to transforms of files. */
@NullMarked
package dev.jumbo.text.transform;

import org.jspecify.annotations.NullMarked;
