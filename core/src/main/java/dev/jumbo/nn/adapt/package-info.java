/**
 * What is trained of a model that was trained before: all of it ({@link dev.jumbo.nn.adapt.Full}), or changes of low rank beside a base
 * that stays ({@link dev.jumbo.nn.adapt.Lora}). Which layers get one, how it is put in and taken out again.
 */
@NullMarked
package dev.jumbo.nn.adapt;

import org.jspecify.annotations.NullMarked;
