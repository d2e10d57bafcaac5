package dev.jumbo.onnx.run;

import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A model and the files of its parameters in a directory of their own. ONNX Runtime maps such files into memory instead of reading them:
 * whoever writes into a mapped one changes answers at once, and whoever cuts it off ends the process by SIGBUS. A mapping outlives the name
 * of its file where the system allows that, so the copy is deleted as soon as it is loaded.
 */
final class PrivateCopy implements AutoCloseable {
    private static final long MIB = 1 << 20;

    private final Path directory;
    private final Path model;

    private PrivateCopy(Path directory, Path model) {
        this.directory = directory;
        this.model = model;
    }

    /** A file that is copied. @param name in the directory @param from its real path */
    private record Part(Path name, Path from, long size, FileTime modified) {
        static Part of(Path name, Path from) throws IOException {
            return new Part(name, from, Files.size(from), Files.getLastModifiedTime(from));
        }
    }

    /**
     * Copies.
     *
     * @param outside where the parameters are, relative to the model and below it, as {@link FileScan#outside} says
     * @throws FailureException if there is no room for it, or files change while they are copied
     */
    static PrivateCopy of(Path model, Set<String> outside) {
        Path own;
        try {
            own = Files.createTempDirectory("jumbo-onnx");
        } catch (IOException e) {
            throw failure(model, e);
        }
        PrivateCopy copy = new PrivateCopy(own, own.resolve(model.getFileName()));
        try {
            copy.fill(model, outside);
            return copy;
        } catch (IOException e) {
            copy.close();
            throw failure(model, e);
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    private void fill(Path original, Set<String> outside) throws IOException {
        Path from = Durable.parent(original);
        Set<Path> names = new LinkedHashSet<>(List.of(original.getFileName()));
        outside.forEach(location -> names.add(Path.of(location).normalize()));
        List<Part> parts = new ArrayList<>();
        for (Path name : names) {
            parts.add(Part.of(name, from.resolve(name).toRealPath()));
        }
        requireRoom(parts.stream().mapToLong(Part::size).sum());
        for (Part part : parts) {
            Path to = directory.resolve(part.name());
            Files.createDirectories(Durable.parent(to));
            copy(part.from(), to);
        }
        for (Part part : parts) {
            if (!Part.of(part.name(), part.from()).equals(part)) {
                throw new FailureException(part.name() + " changed while it was loaded; copy a model under a name that"
                        + " ends in .tmp and rename it");
            }
        }
    }

    /** Rather than to fill a disk that others need. */
    private void requireRoom(long bytes) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        if (disk.getTotalSpace() > 0 && disk.getUsableSpace() < bytes) {
            throw new FailureException("expected " + mib(bytes) + " of room for a copy of the model's files in the"
                    + " directory for temporary files, found " + mib(disk.getUsableSpace())
                    + "; make room, or name another directory, as in JUMBO_JAVA_OPTS=-Djava.io.tmpdir=DIR");
        }
    }

    private static String mib(long bytes) {
        return (bytes + MIB - 1) / MIB + " MiB";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long size = in.size();
            for (long at = 0; at < size; ) {
                long copied = in.transferTo(at, size - at, out);
                if (copied <= 0) {
                    throw new EOFException(from.getFileName() + " ends at byte " + at);
                }
                at += copied;
            }
        }
    }

    private static FailureException failure(Path model, IOException e) {
        return new FailureException(
                "cannot copy " + model.getFileName() + " and the files that have its parameters to the directory for"
                        + " temporary files (java.io.tmpdir): " + e.getMessage(),
                e);
    }

    Path model() {
        return model;
    }

    /** @return whether it is gone: some systems keep a file that is mapped */
    boolean delete() {
        try {
            Durable.deleteDirectory(directory);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        delete();
    }
}
