/**
 * The Open Inference Protocol V2 over REST, and {@code predict} beside it.
 */
@NullMarked
package dev.jumbo.serve.v2;

import org.jspecify.annotations.NullMarked;
