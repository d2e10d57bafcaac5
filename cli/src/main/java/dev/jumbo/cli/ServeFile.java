package dev.jumbo.cli;

import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Overrides;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.serve.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file for a server of a repository: the section {@code serve} of a run, and nothing else. */
@Doc("How a repository of models is served.")
record ServeFile(
        @Doc("Where the model server listens, and its limits.") @Default("{}")
        ServerConfig serve) {
    /** @param file null for the defaults @param settings {@code serve.key=value}, over what the file says */
    static ServeFile read(@Nullable Path file, List<String> settings) {
        ConfigDocument document = file == null ? YamlFile.parse("serve", "{}") : YamlFile.read(file);
        for (String setting : settings) {
            document = Overrides.set(document, setting);
        }
        return Records.of().read(ServeFile.class, document);
    }
}
