package dev.jumbo.data.image;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What lies in folders of pictures, in the order of the paths, wherever they are read. */
public final class PictureFolders {
    private PictureFolders() {}

    /**
     * What a folder holds itself.
     *
     * @throws InputException if there is no such folder
     */
    public static List<Path> list(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw new InputException("expected a folder of pictures at " + dir + ", found none; check the path");
        }
        try (Stream<Path> paths = Files.list(dir)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new FailureException("cannot read " + dir + ": " + e, e);
        }
    }

    /** All that is neither a folder nor hidden nor in a hidden folder, at any depth; links are not followed. */
    public static List<Path> walk(Path dir) {
        try (Stream<Path> paths = Files.walk(dir)) {
            return paths.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> StreamSupport.stream(dir.relativize(path).spliterator(), false)
                            .noneMatch(PictureFolders::isHidden))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new InputException("cannot read " + dir + ": " + IoProblem.of(e) + "; check its permissions", e);
        }
    }

    /** Whether its name begins with a full stop, or it is what an archiver of macOS adds. */
    public static boolean isHidden(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || name.equals("__MACOSX");
    }
}
