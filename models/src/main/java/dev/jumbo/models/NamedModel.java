package dev.jumbo.models;

import dev.jumbo.nn.Layer;

/** A model that a configuration can name. A record with a {@link dev.jumbo.config.Kind}; its components are the model's options. */
public interface NamedModel {
    /** The description that is trained and that {@code model.json} holds. */
    Layer layer();

    /** What stands for it in a resolved configuration, where it is described by a file that may not be there later. */
    default NamedModel resolved() {
        return this;
    }
}
