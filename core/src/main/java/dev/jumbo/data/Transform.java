package dev.jumbo.data;

import java.nio.file.Path;
import java.util.List;

/**
 * From a raw input, such as a text, to the values that a network takes: tokens, a spectrogram, a picture of one size. A record
 * with a {@link dev.jumbo.config.Kind}. It is fitted on the training split, written into {@code model.json}, and applied by the same code to
 * the examples of training, validation and evaluation and to what is predicted or sent to a server.
 */
public interface Transform {
    /**
     * The field of raw values that this reads, where they come from a column of a table: {@link Field#text} if cells are the texts
     * themselves, {@link Field#bytes} if they name files whose content it reads.
     *
     * @param name of the column
     */
    Field raw(String name);

    /**
     * What it makes of a raw field, under the same name: ragged if examples differ in length.
     *
     * @throws dev.jumbo.error.InputException if it does not read such a field
     */
    Field output(Field raw);

    /**
     * This with what it learns from the training split, such as a vocabulary; nothing by default.
     *
     * @param training raw values of all training examples, as {@link Applied#apply} takes them; may be run through several times
     */
    default Transform fit(Field raw, Iterable<?> training) {
        return this;
    }

    /** Made ready; costly where files are read, so once. @param raw the field whose values it will be given */
    Applied open(Field raw);

    /** Files that it cannot do without: a checkpoint takes copies along, which its manifest verifies. */
    default List<Path> files() {
        return List.of();
    }

    /** This with its files in other places, in the order of {@link #files}. */
    default Transform withFiles(List<Path> places) {
        return this;
    }

    /** A transform at work. Several threads may use it at once. */
    @FunctionalInterface
    interface Applied extends AutoCloseable {
        /**
         * The values of one example, row-major, {@code long[]} or {@code float[]} as the output's type says.
         *
         * @param raw {@code byte[]} of a text (UTF-8) or file; of other fields an array of their type
         * @throws dev.jumbo.error.InputException if nothing can be made of it, without its place, which the caller adds
         */
        Object apply(Object raw);

        /** Steps that {@link #apply} would give, where the output is ragged and that is known without its values; -1 where it is not. */
        default int steps(Object raw) {
            return -1;
        }

        @Override
        default void close() {
            // Most hold nothing.
        }
    }
}
