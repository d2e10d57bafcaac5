package dev.jumbo.train.objective;

import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Device;

/** The models of a training, as an {@link Objective} sees them. */
public final class TrainedModels {
    private final Model model;

    /** @param model the one that is trained, or several that were built together */
    public TrainedModels(Model model) {
        this.model = model;
    }

    /** The one that answers: the only one, where {@code model} describes it. */
    public Model main() {
        return model;
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
