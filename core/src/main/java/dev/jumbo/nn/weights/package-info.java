/**
 * Which parameters of a model are trained how ({@link dev.jumbo.nn.weights.ParameterGroup}), and where their first values
 * come from ({@link dev.jumbo.nn.weights.Weights}): files of tensors under names of their own, brought to the model's names
 * by rules. Names and shapes only; nothing here knows a layer.
 */
@NullMarked
package dev.jumbo.nn.weights;

import org.jspecify.annotations.NullMarked;
