package dev.jumbo.models.language;

import dev.jumbo.data.Field;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model that was read: nothing of its weights yet.
 *
 * @param model what it is
 * @param weights under the names of {@link LanguageModel#layer}, in their shapes and the file's types
 * @param files of the tokenizer, of generation, and {@code config.json}, by their names
 */
public record HuggingFaceModel(LanguageModel model, TensorSource weights, Map<String, Path> files) {
    public HuggingFaceModel {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /**
     * Holds every tensor against the description; reads no value.
     *
     * @throws dev.jumbo.error.InputException listing all that are missing, not of the model, or of another shape or type
     */
    public LoadReport check() {
        return FirstValues.loaded(Weights.of(weights)).check(FlatOrder.of(model.layer(), Field.specs(model.inputs())));
    }
}
