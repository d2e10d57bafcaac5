package dev.jumbo.serve.repository.settings;

import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code NAME/config.yaml} says about one model of a repository.
 *
 * @param versions null for what the whole repository has
 * @param canary null for none
 */
@Doc("One model of a repository.")
public record ModelSettings(
        @Doc("Which versions answer; by default as serve.repository.versions says.") @Default("null") @Nullable
        VersionPolicy versions,

        @Doc("A version that is given a share of the requests.") @Default("null") @Nullable
        CanarySettings canary,

        @Doc("How its requests share batches and wait, where it is not as serve.scheduling says.") @Default("{}")
        BatchingSettings batching) {
    /** What holds where there is no file. */
    public static final ModelSettings NONE = new ModelSettings(null, null, BatchingSettings.NONE);

    private static final Records RECORDS = Records.of();

    /** @throws dev.jumbo.error.InputException with file and line if it is not what it should be */
    public static ModelSettings read(Path file) {
        ConfigDocument document = YamlFile.read(file);
        return document.tree().isNull() ? NONE : RECORDS.read(ModelSettings.class, document);
    }
}
