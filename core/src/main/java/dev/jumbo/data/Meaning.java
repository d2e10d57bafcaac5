package dev.jumbo.data;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.List;

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
