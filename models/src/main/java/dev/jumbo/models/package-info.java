/**
 * Models, one file each, in the same inner order: the paper, the options, the layers. {@link
 * dev.jumbo.models.Models#kinds} lists those that a configuration may name.
 */
@NullMarked
package dev.jumbo.models;

import org.jspecify.annotations.NullMarked;
