package dev.jumbo.train.answer;

import dev.jumbo.error.Shown;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** What one output says of one example. */
public sealed interface OutputAnswer {
    /**
     * One of several classes that exclude each other.
     *
     * @param classes names of all classes
     * @param index position of the chosen one: the most probable, the first of equals; of two classes by one probability,
     *     the second above 0.5
     * @param probabilities of all classes, in their order
     */
    @SuppressWarnings("ArrayRecordComponent") // Made for each row of large tables, and not compared.
    record OneClass(List<String> classes, int index, float[] probabilities) implements OutputAnswer {
        /** The name of the chosen class. */
        public String label() {
            return classes.get(index);
        }

        /** The probability of the chosen class, 0 to 1. */
        public float probability() {
            return probabilities[index];
        }

        @Override
        public String toString() {
            return label() + " of " + classes + " " + Shown.of(probabilities);
        }
    }

    /**
     * Labels that do not exclude each other.
     *
     * @param names of all labels
     * @param probabilities of each label on its own, 0 to 1
     */
    @SuppressWarnings("ArrayRecordComponent") // As above.
    record Labels(List<String> names, float[] probabilities) implements OutputAnswer {
        /** The labels that are more probable than not. */
        public List<String> chosen() {
            return IntStream.range(0, probabilities.length)
                    .filter(i -> probabilities[i] > 0.5f)
                    .mapToObj(names::get)
                    .toList();
        }

        @Override
        public String toString() {
            return chosen() + " of " + names + " " + Shown.of(probabilities);
        }
    }

    /** Numbers, in the units of the target. @param values row-major */
    @SuppressWarnings("ArrayRecordComponent") // As above.
    record Numbers(float[] values) implements OutputAnswer {
        @Override
        public String toString() {
            return Shown.of(values);
        }
    }

    /**
     * A class for each position of a sequence or an image.
     *
     * @param shape of the positions: {@code [T]} for a sequence, {@code [H, W]} for an image
     * @param each row-major
     */
    record Positions(Shape shape, List<OneClass> each) implements OutputAnswer {
        public Positions {
            each = List.copyOf(each);
        }

        /** The name of the chosen class at each position, row-major. */
        public List<String> labels() {
            return each.stream().map(OneClass::label).toList();
        }
    }
}
