package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.col;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import dev.jumbo.spark.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes a cleaned table as the CSV file that one machine writes: tasks write parts of it, each to a file of its own, and
 * the driver joins the bytes.
 */
final class CsvParts {
    private CsvParts() {}

    /** @param work an empty directory that all machines share */
    static void write(Dataset<Row> rows, List<String> names, Path work, Path file) {
        Directories.fresh(work);
        String dir = work.toString();
        rows.filter(col("dropped").equalTo(false))
                .repartitionByRange(col("position"))
                .sortWithinPartitions("position")
                .foreachPartition((ForeachPartitionFunction<Row>) part -> part(part, Path.of(dir)));
        join(names, Directories.list(work), file);
        Directories.delete(work);
    }

    private static void part(Iterator<Row> rows, Path work) throws IOException {
        String name = String.format("part-%06d.csv", TaskContext.getPartitionId());
        Path draft = work.resolve("." + name + "." + UUID.randomUUID());
        try (CsvWriter writer = CsvWriter.builder().build(draft)) {
            while (rows.hasNext()) {
                List<String> values = new ArrayList<>(rows.next().<String>getList(2));
                values.replaceAll(text -> text == null ? "" : text);
                writer.writeRecord(values);
            }
        }
        Files.move(draft, work.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void join(List<String> names, List<Path> parts, Path file) {
        Path draft = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            try (CsvWriter header = CsvWriter.builder().build(draft)) {
                header.writeRecord(names);
            }
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.APPEND)) {
                for (Path part : parts) {
                    if (!part.getFileName().toString().startsWith(".")) {
                        append(part, out);
                    }
                }
                out.force(true);
            }
            Durable.rename(draft, file);
        } catch (IOException | UncheckedIOException e) {
            throw new FailureException("cannot write " + file + ": " + e.getMessage() + "; is the disk full?", e);
        }
    }

    private static void append(Path part, FileChannel out) throws IOException {
        try (FileChannel in = FileChannel.open(part, StandardOpenOption.READ)) {
            long at = 0;
            while (at < in.size()) {
                long copied = out.transferFrom(in, out.size(), in.size() - at);
                if (copied <= 0) {
                    throw new IOException("the part " + part + " ended early");
                }
                at += copied;
            }
        }
    }
}
