/**
 * What a request means to a model: {@link dev.jumbo.serve.model.ServedModel} has a name, a version and a predictor, and reads raw
 * values (rows of tables, sequences, pictures, texts, tensors) through the preprocessing that was saved with it.
 */
@NullMarked
package dev.jumbo.serve.model;

import org.jspecify.annotations.NullMarked;
