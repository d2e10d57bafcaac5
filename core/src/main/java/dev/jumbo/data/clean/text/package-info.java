/** Steps over texts: case, and other texts in their place. */
@NullMarked
package dev.jumbo.data.clean.text;

import org.jspecify.annotations.NullMarked;
