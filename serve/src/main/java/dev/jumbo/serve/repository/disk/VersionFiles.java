package dev.jumbo.serve.repository.disk;

import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files below the directory of a version: plain ones, of which none leads out of the repository. */
final class VersionFiles {
    /** More than a run with its charts and checkpoints has; a directory of more is none of ours. */
    private static final int MOST = 10_000;

    private static final int DEEPEST = 8;

    private final Path root;
    private final Path directory;
    private final Map<String, BasicFileAttributes> files = new TreeMap<>();
    private long changed;

    private VersionFiles(Path root, Path directory) {
        this.root = root;
        this.directory = directory;
    }

    /** Why a directory is refused, in words without a path of the server. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * @param root real path of the repository
     * @param directory real path of the version
     * @throws IOException if something vanished while it was read
     */
    static VersionFiles read(Path root, Path directory) throws IOException, Refused {
        VersionFiles read = new VersionFiles(root, directory);
        read.add(directory, "", 0);
        return read;
    }

    private void add(Path folder, String prefix, int depth) throws IOException, Refused {
        if (depth > DEEPEST) {
            throw new Refused("expected directories at most " + DEEPEST + " deep");
        }
        changed = Math.max(changed, changed(folder));
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.limit(MOST + 1L).toList();
        }
        for (Path entry : entries) {
            String name = prefix + entry.getFileName();
            BasicFileAttributes own = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Path real = own.isSymbolicLink() ? entry.toRealPath() : entry;
            if (!real.startsWith(root)) {
                throw new Refused(name + " is a link out of the repository");
            }
            BasicFileAttributes at = own.isSymbolicLink()
                    ? Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    : own;
            if (at.isDirectory()) {
                add(real, name + "/", depth + 1);
            } else if (at.isRegularFile()) {
                files.put(name, at);
                changed = Math.max(changed, changed(real));
            } else {
                throw new Refused(name + " is no plain file");
            }
            if (files.size() > MOST) {
                throw new Refused("expected at most " + MOST + " files");
            }
        }
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    /** Of all. */
    long bytes() {
        return files.values().stream().mapToLong(BasicFileAttributes::size).sum();
    }

    /** Bytes of the largest whose path ends so; 0 if there is none. */
    long largest(String suffix) {
        return files.entrySet().stream()
                .filter(file -> file.getKey().endsWith(suffix))
                .mapToLong(file -> file.getValue().size())
                .max()
                .orElse(0);
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** When anything of it changed last, in milliseconds since 1970. */
    long changedMillis() {
        return changed;
    }

    /** The change of the inode, which copying with the times of the original does not set back. */
    static long changed(Path path) throws IOException {
        try {
            return ((FileTime) Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toMillis();
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return Files.getLastModifiedTime(path).toMillis();
        }
    }

    /** Of names, sizes, times and identities. */
    String stamp() {
        MessageDigest digest = Sha256.digest();
        files.forEach((name, at) -> digest.update(
                (name + "\0" + at.size() + "\0" + at.lastModifiedTime().toInstant() + "\0" + at.fileKey() + "\n")
                        .getBytes(StandardCharsets.UTF_8)));
        return Sha256.hex(digest);
    }
}
