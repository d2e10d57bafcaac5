package dev.jumbo.cli;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.models.ModelConfig;
import dev.jumbo.nn.Layer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.plan.PlanConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration as {@code jumbo plan} reads it: as a run's, but where {@code plan} gives shapes and sizes, no data is needed. */
@Doc("A run of Jumbo to plan.")
record PlanFile(
        @Doc("What is learned from, and what is done to it.") @Default("null") @Nullable
        DataConfig data,

        @Doc("What is trained: one model.") @Default("null") @Nullable
        ModelConfig model,

        @Doc("How it is trained.") @Default("{}") TrainConfig train,
        @Doc("How the result is measured.") @Default("{}") EvaluateConfig evaluate,
        @Doc("How the result is served.") @Default("{}") ServerConfig serve,
        @Doc("What a plan assumes.") @Default("{}") PlanConfig plan,

        @Doc("Several models by name, which an objective or phases train together; instead of model.") @Default("{}")
        Map<String, ModelOfSeveral> models,

        @Doc("The name of the one of models that evaluate, predict and serve ask; by default the first.")
        @Default("null")
        @Nullable
        String answers) {
    /** The description of what is trained. */
    Layer layer() {
        return ModelOfSeveral.layer(model, models, answers);
    }
}
