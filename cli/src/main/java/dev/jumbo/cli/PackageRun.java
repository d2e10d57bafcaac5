package dev.jumbo.cli;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Durable;
import dev.jumbo.ship.Bundle;
import dev.jumbo.ship.ImageBundle;
import dev.jumbo.ship.TarBundle;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo package}: a run becomes an archive, or the image of a container, that serves it. */
@Command(
        name = "package",
        description =
                "Pack a run's best checkpoint with all that serves it: an archive for a machine with Java, a container image.")
final class PackageRun extends Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Archive to write, NAME.tar.gz or NAME.tar; the run's name with .tar.gz if neither is given.")
    private @Nullable Path out;

    @Option(names = "--image", paramLabel = "FILE", description = "Image to write, for docker load or podman load.")
    private @Nullable Path image;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The image's name, as registry.example/team/model:1; the run's name if not given.")
    private @Nullable String name;

    @Option(
            names = "--base",
            paramLabel = "IMAGE",
            description =
                    "An image with Java 17 or newer, tar:FILE for one in a file, or scratch (default: ${DEFAULT-VALUE}).",
            defaultValue = "eclipse-temurin:17-jre")
    private String base = "eclipse-temurin:17-jre";

    @Override
    void run() {
        RunFolder.open(run, List.of());
        Checkpoint best = Checkpoint.best(run);
        if (best.description().base() != null) {
            throw new InputException("expected a run that has all of its model, received one with an adapter at " + run
                    + ", whose base would not be in the package; merge them first (jumbo merge " + run
                    + " --out DIR), and package the merged run");
        }
        String called = Serve.modelName(run);
        Path archive = out == null && image == null ? Path.of(called + ".tar.gz") : out;
        Path work = work();
        try {
            Bundle bundle = Bundle.of(System.getProperty("java.class.path"), called, model(best, work), work);
            if (archive != null) {
                TarBundle.write(bundle, archive, called);
                say(archive + " (" + megabytes(archive) + "); unpack it anywhere and start " + called + "/bin/serve");
            }
            if (image != null) {
                ImageBundle.write(bundle, image, name == null ? called.toLowerCase(Locale.ROOT) : name, base);
                say(image + " (" + megabytes(image) + "); docker load -i " + image);
            }
        } finally {
            delete(work);
        }
    }

    /** The run with this checkpoint alone, and without what only a resume reads. */
    private Path model(Checkpoint best, Path work) {
        Path copy = work.resolve("model");
        try {
            Files.createDirectories(copy);
            Files.copy(run.resolve("run.yaml"), copy.resolve("run.yaml"));
        } catch (IOException e) {
            throw new FailureException("cannot copy " + run.resolve("run.yaml") + ": " + e, e);
        }
        new RunDirectory(copy).receive(best);
        return copy;
    }

    private static Path work() {
        try {
            return Files.createTempDirectory("jumbo-package");
        } catch (IOException e) {
            throw new FailureException("cannot make a temporary directory: " + e, e);
        }
    }

    private static void delete(Path work) {
        try {
            Durable.deleteDirectory(work);
        } catch (IOException e) {
            throw new FailureException("cannot delete " + work + ": " + e, e);
        }
    }

    private static String megabytes(Path file) {
        try {
            return (Files.size(file) >> 20) + " MB";
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
    }
}
