package dev.jumbo.nn.adapt;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.tensor.Specs;
import java.util.List;

/** All of the model is trained: no adapter. */
@Kind("full")
@Doc("All of the model is trained, as without this key.")
public record Full() implements Adapter {
    @Override
    public Layer in(Layer model, Specs in) {
        return model;
    }

    @Override
    public List<ParameterGroup> groups() {
        return List.of();
    }

    @Override
    public boolean keepsBase() {
        return false;
    }

    @Override
    public boolean canBeLeftOut() {
        return false;
    }

    @Override
    public String added() {
        return "regex:(?!)";
    }

    @Override
    public String kept() {
        return "regex:(?!)";
    }
}
