package dev.jumbo.models.imports;

import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model that was read: nothing of its weights yet.
 *
 * @param format for people, such as {@code GGUF 3 (llama)}
 * @param layer from ids {@code [T]} to logits {@code [T, vocabulary]}
 * @param vocabulary number of tokens
 * @param context the longest sequence
 * @param weights under the names of the layer, in its shapes
 * @param tokenizer what writes its files, or null where there is none
 */
public record ImportedModel(
        String format,
        Layer layer,
        int vocabulary,
        int context,
        TensorSource weights,
        @Nullable ImportedTokenizer tokenizer) {
    /** What the network takes. */
    public Specs inputs() {
        return Specs.of(Spec.ids(context).varying(0));
    }

    /**
     * Holds every tensor against the description; reads no value.
     *
     * @throws dev.jumbo.error.InputException listing all that are missing, not of the model, or of another shape
     */
    public LoadReport check() {
        return FirstValues.loaded(Weights.of(weights)).check(FlatOrder.of(layer, inputs()));
    }
}
