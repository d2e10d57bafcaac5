package dev.jumbo.data.source;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** No examples: of a run whose model was imported. */
@Kind("none")
@Doc("No examples: of a run whose model was imported.")
public record NoData() implements DataSource {
    /** @throws InputException always */
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        throw new InputException(
                "data.dataset: expected examples, received none: the model of this run was imported; give a"
                        + " file of examples, or name data by --set data.dataset=... (jumbo evaluate), or in a configuration with"
                        + " train.init_from (jumbo train)");
    }
}
