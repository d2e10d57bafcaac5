package dev.jumbo.data.image;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of {@link ImageFolder}s that are not examples: one line for the log, and a table of all of them.
 *
 * @param files in the order of the folders
 */
public record RejectedFiles(List<ImageFolder.Rejected> files) {
    /** The table in the directory of a run. */
    public static final String FILE = "rejected.csv";

    private static final int SHOWN = 3;
    private static final Logger LOG = LoggerFactory.getLogger(RejectedFiles.class);

    public RejectedFiles {
        files = List.copyOf(files);
    }

    /** Those of folders. */
    public static RejectedFiles of(List<ImageFolder> folders) {
        return new RejectedFiles(
                folders.stream().flatMap(folder -> folder.rejected().stream()).toList());
    }

    /** One line with the count and the first few, if there are any. @param table where all of them are; null: nowhere */
    public void warn(@Nullable Path table) {
        if (!files.isEmpty()) {
            LOG.warn(text(table));
        }
    }

    private String text(@Nullable Path table) {
        String first = files.stream()
                .limit(SHOWN)
                .map(refused -> refused.file() + " (" + refused.reason() + ")")
                .collect(Collectors.joining("; "));
        int more = files.size() - SHOWN;
        return String.format(
                Locale.ROOT,
                "%,d %s: %s%s%s",
                files.size(),
                files.size() == 1 ? "file is not an example" : "files are not examples",
                first,
                more <= 0 ? "" : String.format(Locale.ROOT, " and %,d more", more),
                table == null ? "" : "; all are in " + table);
    }

    /**
     * Writes a CSV file with the columns {@code file} and {@code reason}; without such files an earlier one is deleted.
     *
     * @throws FailureException if the file cannot be written
     */
    public void write(Path table) {
        try {
            if (files.isEmpty()) {
                Files.deleteIfExists(table);
                return;
            }
            Path parent = table.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try (CsvWriter writer = CsvWriter.builder().build(table)) {
                writer.writeRecord("file", "reason");
                files.forEach(refused -> writer.writeRecord(refused.file().toString(), refused.reason()));
            }
        } catch (IOException e) {
            throw new FailureException("cannot write " + table + ": " + e.getMessage() + "; is the disk full?", e);
        }
    }
}
