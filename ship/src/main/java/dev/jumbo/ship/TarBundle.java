package dev.jumbo.ship;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A bundle as {@code NAME.tar} or {@code NAME.tar.gz}: one directory {@code NAME} with everything, started by {@code NAME/bin/serve} on a
 * machine that has Java 17 or newer. The same bundle gives the same bytes: times, owners and the order of the disk are left out.
 */
public final class TarBundle {
    private static final int PROGRAM = 0100755;
    private static final int FILE = 0100644;

    private TarBundle() {}

    /**
     * Writes the archive, complete or not at all.
     *
     * @param archive ends in {@code .tar}, {@code .tar.gz} or {@code .tgz}
     * @param name of the directory in it
     */
    public static void write(Bundle bundle, Path archive, String name) {
        String ending = String.valueOf(archive.getFileName());
        boolean zipped = ending.endsWith(".tar.gz") || ending.endsWith(".tgz");
        if (!zipped && !ending.endsWith(".tar")) {
            throw new InputException("expected an archive that ends in .tar, .tar.gz or .tgz, received " + archive);
        }
        try {
            Durable.write(archive, file -> {
                try (OutputStream plain = Files.newOutputStream(file);
                        OutputStream packed = zipped ? new GZIPOutputStream(plain, 1 << 16) : plain;
                        TarArchiveOutputStream tar =
                                new TarArchiveOutputStream(new BufferedOutputStream(packed, 1 << 16), "UTF-8")) {
                    // Names and sizes of any length, as GNU and BSD tar read them.
                    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                    for (Bundle.Entry entry : bundle.files()) {
                        add(tar, name + "/" + entry.place(), entry);
                    }
                    tar.finish();
                }
            });
        } catch (IOException e) {
            throw new FailureException("cannot write " + archive + ": " + e, e);
        }
    }

    private static void add(TarArchiveOutputStream tar, String place, Bundle.Entry entry) throws IOException {
        TarArchiveEntry header = new TarArchiveEntry(place);
        header.setSize(Files.size(entry.source()));
        header.setMode(entry.executable() ? PROGRAM : FILE);
        header.setModTime(0);
        header.setIds(0, 0);
        tar.putArchiveEntry(header);
        Files.copy(entry.source(), tar);
        tar.closeArchiveEntry();
    }
}
