package dev.jumbo.cli;

import dev.jumbo.data.image.PictureFolders;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a folder that a model takes, known by their content, at any depth and in the order of their paths.
 *
 * @param kind of files, for messages, such as {@code PNG or JPEG}
 * @param takes whether the content is such a file's
 */
record FolderFiles(Path folder, String kind, Predicate<byte[]> takes) {
    private static final Logger LOG = LoggerFactory.getLogger(FolderFiles.class);
    private static final int SHOWN = 5;

    /**
     * Hands them on, and says which files are left out.
     *
     * @throws InputException if there is none
     */
    void read(BiConsumer<Path, byte[]> take) {
        List<Path> skipped = new ArrayList<>();
        long taken = 0;
        for (Path file : PictureFolders.walk(folder)) {
            boolean regular = !Files.isSymbolicLink(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
            byte[] content = regular ? bytes(file) : new byte[0];
            if (takes.test(content)) {
                taken++;
                take.accept(file, content);
            } else {
                skipped.add(folder.relativize(file));
            }
        }
        String names = skipped.stream().limit(SHOWN).map(Path::toString).collect(Collectors.joining(", "))
                + (skipped.size() > SHOWN ? " and " + (skipped.size() - SHOWN) + " more" : "");
        if (taken == 0) {
            throw new InputException(folder + ": expected " + kind + " files in the folder, found "
                    + (skipped.isEmpty() ? "no file" : "none among: " + names));
        }
        if (!skipped.isEmpty()) {
            LOG.warn(
                    "{}: left out {} of {} files, which are no {}: {}",
                    folder,
                    skipped.size(),
                    taken + skipped.size(),
                    kind,
                    names);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
