package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.disk.RepositoryScan;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which directory the models of a repository are in. */
final class ModelFolder {
    private static final String MODELS = "models";

    private ModelFolder() {}

    /**
     * The directory itself, or {@code models} in it, where versions of models are there and none of its own.
     *
     * @throws InputException if it is neither a repository nor empty
     */
    static Path of(Path directory) {
        RepositoryScan here = RepositoryScan.silent(directory);
        if (hasVersion(here)) {
            return directory;
        }
        Path models = directory.resolve(MODELS);
        if (Files.isDirectory(models) && (isEmpty(models) || hasVersion(RepositoryScan.silent(models)))) {
            return models;
        }
        if (here.models().stream().allMatch(model -> isEmpty(directory.resolve(model))) && hasNoFiles(directory)) {
            return directory; // Models may come.
        }
        throw new InputException("expected a run (run.yaml), or models as NAME/VERSION/ with a checkpoint"
                + " (manifest.json), a run or model.onnx in each, found none at " + directory);
    }

    /** Whether there is anything that is a model, whole or not. */
    private static boolean hasVersion(RepositoryScan scan) {
        return scan.models().stream()
                .flatMap(model -> scan.versions(model).values().stream())
                .anyMatch(version -> version.form() != null || version.refused() != null);
    }

    private static boolean isEmpty(Path directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasNoFiles(Path directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }
}
