package dev.jumbo.models;

import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.tensor.Specs;

/** A model whose weights are public: its usual input, and how the names in the public files become its own. */
public interface PublicModel extends NamedModel {
    /** One example of the usual size. */
    Specs input();

    /** From the names of the public state dict to those of {@link #layer}; {@link NameMap#none} where they are the same. */
    default NameMap publicNames() {
        return NameMap.none();
    }
}
