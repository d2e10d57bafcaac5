package dev.jumbo.ship;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * A bundle as a container image in a file, for {@code docker load}, {@code podman load} or a registry's client; made by Jib, without Docker. A layer
 * each for libraries, Jumbo and the model, so that a new model is a small upload.
 */
public final class ImageBundle {
    /** A base that has nothing, not even Java: for who puts the layers on an image of their own. */
    public static final String SCRATCH = "scratch";

    private static final String HOME = "/opt/jumbo";
    private static final int PORT = 8080;

    private ImageBundle() {}

    /**
     * Writes the image, complete or not at all. A base is pulled from its registry, unless it is {@link #SCRATCH} or {@code
     * tar:PATH}, the file of an image.
     *
     * @param name of the image, as {@code registry.example/team/model:1}
     * @param base with Java 17 or newer
     */
    public static void write(Bundle bundle, Path archive, String name, String base) {
        Path temporary = Durable.temporary(archive);
        try {
            JibContainerBuilder image = from(base)
                    .setFormat(ImageFormat.OCI)
                    .setCreationTime(Instant.EPOCH)
                    .setWorkingDirectory(AbsoluteUnixPath.get("/tmp"))
                    .setEntrypoint(HOME + "/bin/serve", "--host", "0.0.0.0", "--port", Integer.toString(PORT))
                    // Any user: natives are unpacked below the home directory, once for a container.
                    .setUser("1000:1000")
                    .setEnvironment(Map.of("HOME", "/tmp"))
                    .addExposedPort(Port.tcp(PORT));
            for (Bundle.Part part : Bundle.Part.values()) {
                image.addFileEntriesLayer(layer(bundle, part));
            }
            image.containerize(
                    Containerizer.to(TarImage.at(temporary).named(name)).setToolName("jumbo"));
            Durable.force(temporary);
            Durable.rename(temporary, archive);
        } catch (InvalidImageReferenceException e) {
            throw new InputException(
                    "expected names of images as registry.example/team/model:1, received " + e.getInvalidReference(),
                    e);
        } catch (RegistryException | ExecutionException e) {
            throw new FailureException(
                    "cannot get the base image " + base + ": " + e.getMessage()
                            + "; give another with --base, or --base tar:FILE",
                    e);
        } catch (IOException | CacheDirectoryCreationException e) {
            throw new FailureException("cannot write " + archive + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("stopped before " + archive + " was written", e);
        } finally {
            delete(temporary);
        }
    }

    private static JibContainerBuilder from(String base) throws InvalidImageReferenceException {
        if (base.equals(SCRATCH)) {
            return Jib.fromScratch();
        }
        if (base.startsWith("tar:")) {
            Path file = Path.of(base.substring("tar:".length()));
            if (!Files.isRegularFile(file)) {
                throw new InputException("--base: expected the file of an image at " + file + ", found none");
            }
            return Jib.from(TarImage.at(file));
        }
        return Jib.from(base);
    }

    private static FileEntriesLayer layer(Bundle bundle, Bundle.Part part) {
        FileEntriesLayer.Builder layer =
                FileEntriesLayer.builder().setName(part.name().toLowerCase(Locale.ROOT));
        List<Bundle.Entry> files =
                bundle.files().stream().filter(file -> file.part() == part).toList();
        for (Bundle.Entry file : files) {
            layer.addEntry(
                    file.source(),
                    AbsoluteUnixPath.get(HOME + "/" + file.place()),
                    FilePermissions.fromOctalString(file.executable() ? "755" : "644"));
        }
        return layer.build();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new FailureException("cannot delete " + file + ": " + e, e);
        }
    }
}
