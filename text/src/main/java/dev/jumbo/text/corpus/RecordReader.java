package dev.jumbo.text.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.read.JsonRecords;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The objects of JSON lines, JSON arrays and Parquet files, file after file, in order. One thread at a time. */
public final class RecordReader implements RecordStream {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GZIP_MAGIC = 0x1F8B;
    private static final String WHOLE = "select cast(to_json(data) as varchar) as json from data";

    private final List<Path> files;
    private int file;
    private @Nullable Part open;

    /** One file. */
    private interface Part extends AutoCloseable {
        @Nullable
        CorpusRecord next();

        @Override
        default void close() {}
    }

    /** From the first record of the first file on. */
    public RecordReader(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /** Null behind the last one. @throws InputException for one that is no object, naming its file and line */
    @Override
    public @Nullable CorpusRecord next() {
        while (file < files.size()) {
            if (open == null) {
                open = open(files.get(file));
            }
            CorpusRecord record = open.next();
            if (record != null) {
                return record;
            }
            close();
            file++;
        }
        return null;
    }

    private static Part open(Path file) {
        return switch (CorpusFiles.Format.of(file)) {
            case PARQUET -> parquet(file);
            case JSON -> isArray(file) ? new JsonArray(file) : lines(file);
            case TEXT ->
                throw new InputException(
                        "expected JSON lines, a JSON array or Parquet (.jsonl, .ndjson, .json, .parquet,"
                                + " with .gz or without), received " + file);
        };
    }

    private static Part lines(Path file) {
        JsonRecords records = new JsonRecords(List.of(file));
        return new Part() {
            @Override
            public @Nullable CorpusRecord next() {
                JsonRecords.JsonRecord record = records.next();
                return record == null ? null : new CorpusRecord(record.node(), record.where());
            }

            @Override
            public void close() {
                records.close();
            }
        };
    }

    private static Part parquet(Path file) {
        Table table = new ParquetFile(file, WHOLE, List.of(), false).read(Quarantine.counting());
        int[] row = {0};
        return () -> {
            if (row[0] == table.rows()) {
                return null;
            }
            String json = table.column("json").text(row[0]++);
            String where = file + ", row " + row[0];
            try {
                return new CorpusRecord(JSON.readTree(String.valueOf(json)), where);
            } catch (JsonProcessingException e) {
                throw new InputException(where + ": cannot be read as JSON", e);
            }
        };
    }

    /** Whether the first character that is no blank opens a list. */
    private static boolean isArray(Path file) {
        try (InputStream in = stream(file)) {
            int c = in.read();
            if (c == 0xef) {
                in.skipNBytes(2);
                c = in.read();
            }
            while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                c = in.read();
            }
            return c == '[';
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
    }

    static InputStream stream(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            boolean gzip = (raw.read() << 8 | raw.read()) == GZIP_MAGIC;
            raw.reset();
            return gzip ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** A file that is one list of objects. */
    private static final class JsonArray implements Part {
        private final JsonArrayReader reader;

        JsonArray(Path file) {
            reader = new JsonArrayReader(file);
        }

        @Override
        public @Nullable CorpusRecord next() {
            return reader.next();
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
