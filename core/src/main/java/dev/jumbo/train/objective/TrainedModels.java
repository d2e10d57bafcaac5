package dev.jumbo.train.objective;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** The models of a training, as an {@link Objective} sees them. */
public final class TrainedModels {
    private final Model model;
    private final @Nullable Model reference;
    private @Nullable Boolean adapted;

    /** @param model the one that is trained, or several that were built together */
    public TrainedModels(Model model) {
        this(model, null);
    }

    /** @param reference the model as training began, frozen; null where its adapters are left out instead, or nobody asks */
    public TrainedModels(Model model, @Nullable Model reference) {
        this.model = model;
        this.reference = reference;
    }

    /** The one that answers: the only one, where {@code model} describes it. */
    public Model main() {
        return model;
    }

    /**
     * What the model made of inputs when training began, without gradients and dropout: the base without its adapters, or a second, frozen
     * model.
     *
     * @throws InputException if there is neither
     */
    public Tensors reference(Tensors inputs) {
        try (Autograd off = Autograd.noGrad()) {
            if (reference != null) {
                return reference.forward(inputs, Pass.inference());
            }
            if (!isAdapted()) {
                throw new InputException(
                        "expected a model as training began to compare with, found none: the model has no"
                                + " adapters that could be left out; of a merged run, take the one that it was merged from");
            }
            return model.forward(inputs, Pass.inference().withoutAdapters());
        }
    }

    private boolean isAdapted() {
        Boolean known = adapted;
        if (known == null) {
            known = !Changes.of(model.layer(), model.inputs()).changed().isEmpty();
            adapted = known;
        }
        return known;
    }

    /**
     * One of {@code models}.
     *
     * @throws dev.jumbo.error.InputException if there is none of this name
     */
    public Model get(String name) {
        return model.member(name);
    }

    /** Where they compute; a batch's values are to be brought there. */
    public Device device() {
        return model.device();
    }
}
