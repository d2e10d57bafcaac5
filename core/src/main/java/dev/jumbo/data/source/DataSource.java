package dev.jumbo.data.source;

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
}
