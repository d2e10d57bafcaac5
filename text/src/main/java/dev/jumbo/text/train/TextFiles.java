package dev.jumbo.text.train;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusFiles;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Files to train from, and those of text in UTF-8, {@code .gz} or not, line by line. */
final class TextFiles {
    private static final int BUFFER = 1 << 16;
    private static final String DOCUMENTS = "documents";

    private TextFiles() {}

    /**
     * The files that paths name, a folder naming all that it holds, in the order of their names; hidden ones are none. Of the output of {@code jumbo prepare},
     * which has a report, shards and what was set apart beside them, the documents.
     */
    static List<Path> of(List<Path> paths) {
        List<Path> files = new ArrayList<>();
        for (Path named : paths) {
            Path path = isPrepared(named) ? named.resolve(DOCUMENTS) : named;
            if (Files.isDirectory(path)) {
                try (Stream<Path> inside = Files.walk(path)) {
                    inside.filter(Files::isRegularFile)
                            .filter(file -> !CorpusFiles.isHidden(path.relativize(file)))
                            .sorted()
                            .forEach(files::add);
                } catch (IOException e) {
                    throw new FailureException("cannot list " + path + ": " + e.getMessage(), e);
                }
            } else if (Files.isRegularFile(path)) {
                files.add(path);
            } else {
                throw new InputException("expected a file of text or a folder of them, found none at " + path);
            }
        }
        if (files.isEmpty()) {
            throw new InputException("expected files of text, found none in " + paths);
        }
        return files;
    }

    private static boolean isPrepared(Path path) {
        if (Files.isRegularFile(path.resolve("report.json")) && Files.isRegularFile(path.resolve("report.html"))) {
            if (!Files.isDirectory(path.resolve(DOCUMENTS))) {
                throw new InputException(
                        "expected documents in " + path.resolve(DOCUMENTS)
                                + ", as jumbo prepare writes them, found none; prepare the corpus with output: {documents: true}");
            }
            return true;
        }
        return false;
    }

    /** Gives each line with the line feed at its end; the last one may have none. */
    static void lines(Path file, Consumer<String> each) {
        try (InputStream in = open(file)) {
            byte[] buffer = new byte[BUFFER];
            int start = 0;
            int end = 0;
            long line = 1;
            for (int read = 0; read >= 0; read = in.read(buffer, end, buffer.length - end)) {
                for (int i = end; i < end + read; i++) {
                    if (buffer[i] == '\n') {
                        each.accept(text(buffer, start, i + 1, file, line++));
                        start = i + 1;
                    }
                }
                end += read;
                if (end == buffer.length && start == 0) {
                    buffer = Arrays.copyOf(buffer, 2 * buffer.length);
                } else if (end == buffer.length) {
                    System.arraycopy(buffer, start, buffer, 0, end - start);
                    end -= start;
                    start = 0;
                }
            }
            if (start < end) {
                each.accept(text(buffer, start, end, file, line));
            }
        } catch (ZipException | EOFException e) {
            throw new InputException(
                    file + ": expected gzip: " + e.getMessage() + "; the file is damaged or cut off", e);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String text(byte[] buffer, int from, int to, Path file, long line) throws IOException {
        String text = new String(buffer, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        // Either the file has this character, or bytes that are none became it.
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(buffer, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(
                    file + ", line " + line
                            + ": expected text in UTF-8, found other bytes; convert the file, or leave it out",
                    e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in, BUFFER) : in;
    }
}
