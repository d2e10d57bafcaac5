package dev.jumbo.nn;

import dev.jumbo.tensor.Specs;

/** A network of several models that are built together, each of which can be asked alone: see {@link Model#member}. */
public interface Members extends Network {
    /** What one of them was built from. @throws dev.jumbo.error.InputException if there is none of this name, with those that there are */
    Member member(String name);

    /**
     * One of the models.
     *
     * @param inputs what it takes
     */
    record Member(Layer layer, Specs inputs, Network network) {}
}
