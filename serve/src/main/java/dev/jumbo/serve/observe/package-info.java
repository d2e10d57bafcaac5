/**
 * What a running server tells about itself: figures, a line for each request, traces. Never a token, never a body.
 */
@NullMarked
package dev.jumbo.serve.observe;

import org.jspecify.annotations.NullMarked;
