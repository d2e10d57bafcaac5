package dev.jumbo.data.table.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON objects of files of one a line, file after file, read as they are asked for; gzip is recognised. Blank lines are none. */
public final class JsonRecords implements AutoCloseable {
    private static final int LONGEST = 1 << 24;
    private static final int MOST_RATIO = 1000;

    private final List<Path> files;
    private int file;
    private @Nullable BufferedReader in;
    private @Nullable LineReader lines;

    /** @param node an object @param where its file and line, for errors */
    public record JsonRecord(JsonNode node, String where) {}

    /** From the first line of the first file on. */
    public JsonRecords(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /** Null behind the last one. @throws InputException for a line that is no object, naming file and line */
    public @Nullable JsonRecord next() {
        LineReader.Line line = line();
        if (line == null) {
            return null;
        }
        String where = files.get(file) + ", line " + line.number();
        if (line.tooLong() || TextFile.isBroken(line.text())) {
            throw new InputException(where + ": expected a JSON object, received "
                    + (line.tooLong() ? "more than " + LONGEST + " characters" : "bytes that are not in UTF-8"));
        }
        JsonLine read = JsonLine.of(line.text());
        JsonNode node = read.node();
        if (node == null) {
            throw new InputException(where + ": expected a JSON object, received " + read.reason());
        }
        return new JsonRecord(node, where);
    }

    /** Passes over records without a look at what is in them; over fewer where the files have no more. */
    public JsonRecords skip(long records) {
        for (long i = 0; i < records && line() != null; i++) {}
        return this;
    }

    private LineReader.@Nullable Line line() {
        while (file < files.size()) {
            try {
                if (lines == null) {
                    in = TextFile.openMarking(files.get(file), StandardCharsets.UTF_8, MOST_RATIO);
                    lines = new LineReader(in, LONGEST);
                }
                for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                    if (line.tooLong() || !line.text().isBlank()) {
                        return line;
                    }
                }
            } catch (IOException e) {
                throw TextFile.failure(files.get(file), e);
            }
            close();
            file++;
        }
        return null;
    }

    @Override
    public void close() {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            throw TextFile.failure(files.get(Math.min(file, files.size() - 1)), e);
        } finally {
            in = null;
            lines = null;
        }
    }
}
