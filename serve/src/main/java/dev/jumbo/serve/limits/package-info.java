/**
 * How much one request and all together may take: rows, pixels, bytes. What is too much is refused before any work is done for it.
 */
@NullMarked
package dev.jumbo.serve.limits;

import org.jspecify.annotations.NullMarked;
