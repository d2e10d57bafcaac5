package dev.jumbo.data.augment;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;

/** What the records here ask of their components and of images. */
final class Check {
    private Check() {}

    static void range(String what, double value, double from, double to) {
        if (!(value >= from && value <= to)) {
            throw new InputException(
                    what + ": expected a number from " + text(from) + " to " + text(to) + ", received " + text(value));
        }
    }

    static void image(String what, Shape shape) {
        if (shape.rank() != 3) {
            throw new InputException(what + ": expected images of shape [channels, height, width], received " + shape);
        }
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
