package dev.jumbo.serve.wire;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inference request whose shapes and sizes have been checked against each other, but not yet against a model.
 *
 * @param id the caller's name for the request, sent back
 * @param outputs the outputs asked for; empty for all
 * @param wishes how it is to be answered
 */
public record InferRequest(@Nullable String id, List<Input> inputs, List<Output> outputs, Wishes wishes) {
    /** More dimensions than any tensor has. */
    static final int MAX_RANK = 16;

    public InferRequest(@Nullable String id, List<Input> inputs, List<Output> outputs, boolean binaryOutputs) {
        this(id, inputs, outputs, new Wishes(binaryOutputs, 0, 0));
    }

    /**
     * How a request is to be answered.
     *
     * @param binaryOutputs whether outputs that don't say so themselves are sent as binary data
     * @param priority 1 for the most urgent, then 2 and so on; 0 for the usual
     * @param timeoutMicros by when the answer is worth something, in microseconds from now; 0 for no such time
     */
    public record Wishes(boolean binaryOutputs, long priority, long timeoutMicros) {}

    /** A tensor of the request. @param shape batch first; its product is the number of elements */
    public record Input(String name, Datatype datatype, long[] shape, Elements elements) {
        /**
         * One whose values are as many as the shape says, and of the type.
         *
         * @throws InputException if they are not, with the place
         */
        public static Input checked(String name, Datatype datatype, long[] shape, Elements elements) {
            long expected = elements(name, shape);
            if (elements.size() != expected) {
                throw new InputException("input \"" + name + "\": expected " + expected + " values for the shape "
                        + Arrays.toString(shape) + ", received " + elements.size());
            }
            datatype.require(name, shape, elements);
            return new Input(name, datatype, shape, elements);
        }

        /** How many values a shape has. @throws InputException if a size is negative, or they are 2^63 or more */
        static long elements(String name, long[] shape) {
            if (shape.length > MAX_RANK) {
                throw new InputException("expected at most " + MAX_RANK + " dimensions");
            }
            long elements = 1;
            try {
                for (long size : shape) {
                    if (size < 0) {
                        throw new InputException(
                                "input \"" + name + "\": expected sizes of 0 or more, received " + size);
                    }
                    elements = Math.multiplyExact(elements, size);
                }
            } catch (ArithmeticException e) {
                throw tooLarge(name, shape, e);
            }
            return elements;
        }

        /** How many bytes values of a type and shape take; of BYTES, 0. */
        public static long bytes(String name, Datatype datatype, long[] shape) {
            try {
                return Math.multiplyExact(elements(name, shape), datatype.bytes());
            } catch (ArithmeticException e) {
                throw tooLarge(name, shape, e);
            }
        }

        private static InputException tooLarge(String name, long[] shape, ArithmeticException cause) {
            return new InputException(
                    "input \"" + name + "\": the shape " + Arrays.toString(shape) + " has more than 2^63 bytes", cause);
        }
    }

    /**
     * An output that is asked for.
     *
     * @param binary null to leave it to the request
     * @param classes how many of its largest values are asked for, with the names of their classes, instead of all values; 0 for all
     */
    public record Output(String name, @Nullable Boolean binary, int classes) {
        public Output(String name, @Nullable Boolean binary) {
            this(name, binary, 0);
        }
    }

    /** Whether an output is to be sent as binary data. */
    public boolean binary(Output output) {
        return output.binary() == null ? wishes.binaryOutputs() : output.binary();
    }
}
