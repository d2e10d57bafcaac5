package dev.jumbo.cli;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.models.ModelConfig;
import dev.jumbo.models.NamedModel;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.tensor.Spec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the {@code models} of a configuration: as {@code model}, with what it takes. */
record ModelOfSeveral(
        @Doc("What it takes, as in {shape: [16]}; by default the inputs of the data.") @Default("null") @Nullable
        Spec input,

        @Doc("Layers, each feeding the next.") @Default("null") @Nullable
        List<Layer> layers,

        @Doc("A model of the house, with its options.") @Default("null") @Nullable
        NamedModel name) {

    private ModelGroup.GroupedModel described() {
        return new ModelGroup.GroupedModel(input, new ModelConfig(layers, name).layer());
    }

    /** @throws InputException unless there is one model, or several */
    static Layer layer(@Nullable ModelConfig model, Map<String, ModelOfSeveral> models, @Nullable String answers) {
        if ((model == null) == models.isEmpty()) {
            throw new InputException("expected either model or models, received "
                    + (model == null ? "neither: write model: {layers: [...]}" : "both"));
        }
        if (model != null) {
            if (answers != null) {
                throw new InputException("answers: expected models of which one answers, received one model");
            }
            return model.layer();
        }
        Map<String, ModelGroup.GroupedModel> described = new LinkedHashMap<>();
        models.forEach((name, each) -> described.put(name, each.described()));
        return new ModelGroup(
                described, answers == null ? described.keySet().iterator().next() : answers);
    }
}
