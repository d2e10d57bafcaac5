package dev.jumbo.nn.layers;

import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Specs;

/** What layers of several equal inputs share. */
final class Merge {
    private Merge() {}

    static void requireSeveral(Specs in) {
        if (in.size() < 2) {
            throw new ShapeException("", "two or more inputs (use a graph)", in);
        }
    }
}
