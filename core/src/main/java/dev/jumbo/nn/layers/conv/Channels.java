package dev.jumbo.nn.layers.conv;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;

/** Checks on numbers of channels that convolutions share. */
final class Channels {
    private Channels() {}

    static void requireFilters(String layer, int filters) {
        if (filters < 1) {
            throw new InputException(layer + ": expected 1 or more filters, received " + filters);
        }
    }

    static void requireGroups(String layer, int filters, int groups) {
        requireFilters(layer, filters);
        if (groups < 1 || filters % groups != 0) {
            throw new InputException(layer + ": expected filters that are a multiple of the groups, received " + filters
                    + " filters, " + groups + " groups");
        }
    }

    static void requireDivisible(Shape input, int groups) {
        if (input.size(0) % groups != 0) {
            throw new ShapeException("", "a number of channels that is a multiple of " + groups + " groups", input);
        }
    }
}
