package dev.jumbo.data.table.read;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jumbo.error.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where malformed records go: a CSV file with the columns {@code source}, {@code line}, {@code reason} and {@code
 * record}, made when the first one comes. Counts them, and keeps the first few for messages and reports.
 */
public final class Quarantine implements AutoCloseable {
    private static final int SAMPLES = 5;

    private final @Nullable Path file;
    private @Nullable CsvWriter writer;
    private long count;
    private final Map<String, Long> reasons = new TreeMap<>();
    private final List<Malformed> samples = new ArrayList<>();

    private final Consumer<Malformed> listener;

    private Quarantine(@Nullable Path file, Consumer<Malformed> listener) {
        this.file = file;
        this.listener = listener;
    }

    /** To a file, which is replaced. */
    public static Quarantine to(Path file) {
        return new Quarantine(file, record -> {});
    }

    /** Counts and samples only, for a source whose records are not needed again. */
    public static Quarantine counting() {
        return new Quarantine(null, record -> {});
    }

    /** Tells each record to a listener, who keeps it. */
    public static Quarantine telling(Consumer<Malformed> listener) {
        return new Quarantine(null, listener);
    }

    /** @throws FailureException if the file cannot be written */
    public void add(Path source, Malformed record) {
        count++;
        listener.accept(record);
        reasons.merge(record.reason(), 1L, Long::sum);
        if (samples.size() < SAMPLES) {
            samples.add(record);
        }
        if (file == null) {
            return;
        }
        try {
            if (writer == null) {
                Path parent = file.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                writer = CsvWriter.builder().build(file);
                writer.writeRecord("source", "line", "reason", "record");
            }
            writer.writeRecord(source.toString(), Long.toString(record.line()), record.reason(), record.text());
        } catch (IOException e) {
            throw new FailureException("cannot write malformed records to " + file + ": " + e.getMessage(), e);
        }
    }

    /** How many records were added. */
    public long count() {
        return count;
    }

    /** How many records were added for each reason. */
    public Map<String, Long> reasons() {
        return Map.copyOf(reasons);
    }

    /** The first few records. */
    public List<Malformed> samples() {
        return List.copyOf(samples);
    }

    /** The file with the records, if there is one. */
    public @Nullable Path file() {
        return count == 0 ? null : file;
    }

    @Override
    public void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw new FailureException("cannot write malformed records to " + file + ": " + e.getMessage(), e);
            }
        }
    }
}
