package dev.jumbo.data.packing;

import dev.jumbo.error.Shown;
import org.jspecify.annotations.Nullable;

/** Documents of ids, one after the other. One thread at a time. */
public interface DocumentFlow extends AutoCloseable {
    /**
     * A document.
     *
     * @param ids with that of its end
     * @param learned which ids are to be learned by those before them; null for all
     */
    @SuppressWarnings("ArrayRecordComponent") // On its way into a block: never compared.
    record Ids(int[] ids, boolean @Nullable [] learned) {
        @Override
        public String toString() {
            return "Ids[ids=" + Shown.of(ids) + ", learned=" + (learned == null ? "all" : Shown.of(learned)) + "]";
        }
    }

    /** Null behind the last one. @throws dev.jumbo.error.InputException for what is damaged, naming its place */
    @Nullable
    Ids next();

    @Override
    void close();
}
