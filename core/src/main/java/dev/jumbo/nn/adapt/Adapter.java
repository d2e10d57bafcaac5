package dev.jumbo.nn.adapt;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.tensor.Specs;
import java.util.List;

/** What is trained of a model that was trained before: {@code train.adapter}. */
public sealed interface Adapter permits Full, Lora {
    /**
     * The model with what is trained put in.
     *
     * @param in one example of each input
     * @throws dev.jumbo.error.InputException if it does not fit the model
     */
    Layer in(Layer model, Specs in);

    /** How parameters are trained that the groups before do not name: what is not the adapter's is frozen. */
    List<ParameterGroup> groups();

    /** Whether the model stays as it is, so that a checkpoint needs what is trained alone. */
    boolean keepsBase();

    /** Whether a pass without adapters is one through the model as it was. */
    boolean canBeLeftOut();

    /** A {@link dev.jumbo.nn.weights.NamePattern} of parameters that it adds, which a base does not have. */
    String added();

    /** A {@link dev.jumbo.nn.weights.NamePattern} of what stays. */
    String kept();
}
