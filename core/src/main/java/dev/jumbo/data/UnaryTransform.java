package dev.jumbo.data;

import dev.jumbo.data.boxes.PictureMap;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transform of the raw field whose name it stands under: most transforms. */
public interface UnaryTransform extends Transform {
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
    default UnaryTransform fit(Field raw, Iterable<?> training) {
        return this;
    }

    /** Made ready; costly where files are read, so once. @param raw the field whose values it will be given */
    Applied open(Field raw);

    @Override
    default List<String> reads(String name) {
        return List.of(name);
    }

    @Override
    default List<Field> rawFields(String name) {
        return List.of(raw(name));
    }

    @Override
    default List<Field> outputs(String name, List<Field> raw) {
        return List.of(output(raw.get(0)));
    }

    @Override
    default Transform fitAll(List<Field> raw, Iterable<List<Object>> training) {
        return fit(raw.get(0), (Iterable<Object>) () -> {
            Iterator<List<Object>> all = training.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public Object next() {
                    return all.next().get(0);
                }
            };
        });
    }

    @Override
    default Opened openAll(List<Field> raw) {
        Applied applied = open(raw.get(0));
        return new Opened() {
            @Override
            public List<Object> apply(List<Object> values) {
                return List.of(applied.apply(values.get(0)));
            }

            @Override
            public int steps(int output, List<Object> values) {
                return applied.steps(values.get(0));
            }

            @Override
            public boolean knows(List<Object> values) {
                return applied.knows(values.get(0));
            }

            @Override
            public @Nullable PictureMap placed(List<Object> values) {
                return applied.placed(values.get(0));
            }

            @Override
            public void close() {
                applied.close();
            }
        };
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

        /** As {@link Transform.Opened#knows}. */
        default boolean knows(Object raw) {
            return true;
        }

        /** As {@link Transform.Opened#placed}. */
        default @Nullable PictureMap placed(Object raw) {
            return null;
        }

        @Override
        default void close() {
            // Most hold nothing.
        }
    }
}
