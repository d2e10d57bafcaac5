/**
 * Asks a model server over the Open Inference Protocol V2.
 */
@NullMarked
package dev.jumbo.client;

import org.jspecify.annotations.NullMarked;
