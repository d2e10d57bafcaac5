package dev.jumbo.data;

import dev.jumbo.data.boxes.PictureMap;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From raw inputs, such as texts, to the values that a network takes: tokens, a spectrogram, a picture of one size. A record with a {@link
 * dev.jumbo.config.Kind}. It is fitted on the training split, written into {@code model.json}, and applied by the same code to the examples of
 * training, validation and evaluation and to what is predicted or sent to a server.
 *
 * <p>It stands under a name, as in {@code inputs: {pair: {token_pair: {of: [premise, hypothesis]}}}}, reads one or more raw fields and makes one or
 * more. Most read the field of their name and make one: a {@link UnaryTransform}.
 */
public interface Transform {
    /** Names of the raw fields that it reads, one or more. @param name that it stands under */
    List<String> reads(String name);

    /**
     * The fields of raw values that it reads, in the order of {@link #reads}, where they come from columns of a table: {@link Field#text} if cells
     * are the texts themselves, {@link Field#bytes} if they name files whose content it reads.
     */
    List<Field> rawFields(String name);

    /**
     * What it makes of raw fields: ragged if examples differ in length. The first one has the name that it stands under.
     *
     * @param raw in the order of {@link #reads}
     * @throws dev.jumbo.error.InputException if it does not read such fields
     */
    List<Field> outputs(String name, List<Field> raw);

    /**
     * This with what it learns from the training split, such as a vocabulary; nothing by default.
     *
     * @param training raw values of all training examples, as {@link Opened#apply} takes them; may be run through several times
     */
    default Transform fitAll(List<Field> raw, Iterable<List<Object>> training) {
        return this;
    }

    /** Made ready; costly where files are read, so once. @param raw the fields whose values it will be given */
    Opened openAll(List<Field> raw);

    /** Files that it cannot do without: a checkpoint takes copies along, which its manifest verifies. */
    default List<Path> files() {
        return List.of();
    }

    /** This with its files in other places, in the order of {@link #files}. */
    default Transform withFiles(List<Path> places) {
        return this;
    }

    /**
     * This, which an earlier training has fitted, for rows as another data source writes them; by default itself.
     *
     * @param asked the same kind, as that data asks for it
     */
    default Transform forRowsOf(Transform asked) {
        return this;
    }

    /** A transform at work. Several threads may use it at once. */
    interface Opened extends AutoCloseable {
        /**
         * The values of one example, row-major, {@code long[]} or {@code float[]} as each output's type says.
         *
         * @param raw for each field that is read {@code byte[]} of a text (UTF-8) or file; of other fields an array of their type
         * @throws dev.jumbo.error.InputException if nothing can be made of it, without its place, which the caller adds
         */
        List<Object> apply(List<Object> raw);

        /** Steps that {@link #apply} would give of an output that is ragged, where that is known without its values; -1 where it is not. */
        default int steps(int output, List<Object> raw) {
            return -1;
        }

        /**
         * Whether training had anything of what there is in an example: a text without a single known token says nothing to a model.
         *
         * @param raw as of {@link #apply}
         */
        default boolean knows(List<Object> raw) {
            return true;
        }

        /**
         * Where the points of the picture that it makes were on the one it reads, for boxes of the example to follow; null if it makes no picture,
         * or one that boxes do not follow.
         */
        default @Nullable PictureMap placed(List<Object> raw) {
            return null;
        }

        @Override
        default void close() {
            // Most hold nothing.
        }
    }
}
