package dev.jumbo.data;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the values of a {@link Field} stand for. Shape and type say how they are stored, this what may be done with them. */
public sealed interface Meaning {
    /** The names of classes, where values stand for classes that have names; empty otherwise. */
    default List<String> classes() {
        return List.of();
    }

    /** What fills up examples that are shorter than the longest of their batch, where they are inputs. */
    default long padding() {
        return 0;
    }

    /** Measured or counted. */
    @Kind("numbers")
    @Doc("Measured or counted.")
    record Numbers() implements Meaning {}

    /**
     * Numbers of a file of arrays: those of bytes, such as pixels, are scaled by 1 / 255 and others are not, so a model takes numbers of
     * the type alone that it was trained on.
     *
     * @param type of the file
     */
    @Kind("stored")
    @Doc("Numbers of a file of arrays, of a type of the file.")
    record Stored(
            @Doc("The type that the file has them in.") Type type) implements Meaning {
        /** Types that mean the same. */
        public enum Type {
            /** float16, bfloat16, float32 or float64. */
            FLOAT("float32 (or float16, float64)", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
            /** Whole numbers from 0 to 255. */
            UINT8("uint8", 0, 255),
            /** Whole numbers from -128 to 127. */
            INT8("int8", Byte.MIN_VALUE, Byte.MAX_VALUE),
            /** 0 or 1. */
            BOOL("bool", 0, 1),
            /** Whole numbers of 16 bits or more, which are ids. */
            INT("int64 (or int16, int32)", Long.MIN_VALUE, Long.MAX_VALUE);

            private final String shown;
            private final double least;
            private final double most;

            Type(String shown, double least, double most) {
                this.shown = shown;
                this.least = least;
                this.most = most;
            }

            /** Whether a number can be one of the type. */
            public boolean holds(double value) {
                return value >= least && value <= most && (this == FLOAT || value == Math.rint(value));
            }

            /** As numpy calls it. */
            @Override
            public String toString() {
                return shown;
            }
        }

        /** Why a number cannot be one of those that the model was trained on; null if it can. */
        public @Nullable String refusal(double value) {
            return type.holds(value)
                    ? null
                    : "expected "
                            + (type == Type.BOOL
                                    ? "0 or 1"
                                    : "whole numbers from " + (long) type.least + " to " + (long) type.most)
                            + " (the model was trained on " + type + "), received " + value
                            + (type == Type.UINT8 ? "; send bytes as they are, not divided by 255" : "");
        }
    }

    /**
     * Ids of classes, INT64; one of them, or one for each position.
     *
     * @param classes their names, in the order of the ids; empty where they have none
     */
    @Kind("class")
    @Doc("Ids of classes.")
    record ClassId(
            @Doc("Names of the classes, in the order of their ids.") @Default("[]")
            List<String> classes) implements Meaning {
        public ClassId {
            classes = List.copyOf(classes);
        }
    }

    /**
     * A value from 0 to 1 for each class: probabilities, or several labels that do not exclude each other.
     *
     * @param classes their names, in the order of the values
     */
    @Kind("classes")
    @Doc("A value from 0 to 1 for each class.")
    record Classes(
            @Doc("Names of the classes, in the order of the values.")
            List<String> classes) implements Meaning {
        public Classes {
            classes = List.copyOf(classes);
        }
    }

    /**
     * Ids of the entries of a vocabulary, INT64.
     *
     * @param vocabulary how many there are; 0 where that is not known
     * @param padding the id that fills up short examples
     */
    @Kind("tokens")
    @Doc("Ids of the entries of a vocabulary.")
    record Tokens(
            @Doc("Entries of the vocabulary; 0 where that is not known.") @Default("0")
            long vocabulary,

            @Doc("The id that fills up short examples.") @Default("0")
            long padding)
            implements Meaning {
        public Tokens {
            if (vocabulary < 0 || padding < 0 || (vocabulary > 0 && padding >= vocabulary)) {
                throw new InputException(
                        "tokens: expected a padding id from 0 to the vocabulary's size less one, received " + padding
                                + " of " + vocabulary);
            }
        }
    }

    /**
     * A row of numbers that are several inputs of a model, one behind the other: columns of a table in groups.
     *
     * @param inputs in order
     */
    @Kind("parts")
    @Doc("Numbers that are several inputs of a model, one behind the other.")
    record Parts(@Doc("The inputs, in order.") List<Part> inputs) implements Meaning {
        /** One of the inputs. @param width its values */
        public record Part(
                @Doc("Its name.") String name,
                @Doc("Its values.") int width) {}

        public Parts {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * Numbers one behind the other, each with a name of its own, as keys of a record.
     *
     * @param names in order
     */
    @Kind("columns")
    @Doc("Numbers one behind the other, each with a name of its own.")
    record Columns(@Doc("The names, in order.") List<String> names) implements Meaning {
        public Columns {
            names = List.copyOf(names);
        }
    }

    /** Rectangles: the last dimension has 4 values, left, top, right and bottom, in pixels. */
    @Kind("boxes")
    @Doc("Rectangles: left, top, right and bottom, in pixels.")
    record Boxes() implements Meaning {}

    /** Text as UTF-8 bytes; a transform makes tokens of it. */
    @Kind("text")
    @Doc("Text in UTF-8.")
    record Text() implements Meaning {}

    /**
     * Samples of sound from -1 to 1.
     *
     * @param sampleRate samples a second
     */
    @Kind("waveform")
    @Doc("Samples of sound from -1 to 1.")
    record Waveform(@Doc("Samples a second.") int sampleRate) implements Meaning {
        public Waveform {
            if (sampleRate < 1) {
                throw new InputException("waveform: expected a sample rate of 1 or more, received " + sampleRate);
            }
        }
    }

    /** A picture {@code [C, H, W]}, from 0 to 255 where it is raw; or the bytes of an image file, where its type is UINT8. */
    @Kind("image")
    @Doc("A picture [channels, height, width], or the bytes of an image file.")
    record Image() implements Meaning {}

    /** Bytes that a transform understands. */
    @Kind("bytes")
    @Doc("Bytes that a transform understands.")
    record Bytes() implements Meaning {}

    /** True where a value is real and not padding, BOOL. */
    @Kind("mask")
    @Doc("True where a value is real and not padding.")
    record Mask() implements Meaning {}

    /**
     * Where a step stands, where several documents share a row: its position in its document, or the number of the document, INT64. A model
     * that has learned with it answers without: each row is one document then.
     */
    @Kind("place")
    @Doc("Where a step stands, where several documents share a row: its position, or its document.")
    record Place() implements Meaning {}

    /** What an example counts beside others. */
    @Kind("weight")
    @Doc("What an example counts beside others.")
    record Weight() implements Meaning {}
}
