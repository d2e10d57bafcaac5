package dev.jumbo.data.source;

import dev.jumbo.data.Preprocessing;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Examples by name. A record with a {@link dev.jumbo.config.Kind}. */
public interface DataSource {
    /**
     * Reads the examples.
     *
     * @param dir where files are, or null where the configuration names none
     * @param out a directory for records that cannot be read
     * @throws dev.jumbo.error.InputException if files are missing or damaged
     */
    DataParts load(@Nullable Path dir, Path out);

    /**
     * This source with examples as a model that exists takes them, where what they are depends on what was found in the data, as the
     * categories of a table do; itself otherwise.
     *
     * @throws dev.jumbo.error.InputException if they are not of the kind that it takes
     */
    default DataSource keeping(Preprocessing preprocessing) {
        return this;
    }
}
