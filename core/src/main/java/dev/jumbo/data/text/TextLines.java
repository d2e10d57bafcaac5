package dev.jumbo.data.text;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a UTF-8 file. Line ends are {@code \n} or {@code \r\n}; a byte order mark is dropped.
 *
 * @param texts one a line
 * @param labels one a text; empty if lines have none
 */
public record TextLines(List<String> texts, List<String> labels) {
    /** The most bytes of one file: 1 GiB. */
    public static final long LIMIT = 1L << 30;

    public TextLines {
        texts = List.copyOf(texts);
        labels = List.copyOf(labels);
    }

    /**
     * Reads plain lines, empty ones too.
     *
     * @throws InputException if there is no such file, or it is not UTF-8, with the number of the line
     */
    public static TextLines plain(Path file) {
        return new TextLines(lines(file), List.of());
    }

    /**
     * Reads lines of the form {@code label<separator>text}: all before the first separator is the label.
     *
     * @param separator such as a tab or a blank
     * @throws InputException also if a line has no separator, or no label before it
     */
    public static TextLines labelled(Path file, char separator) {
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            int at = lines.get(i).indexOf(separator);
            if (at < 1) {
                throw new InputException(file + ", line " + (i + 1) + ": expected a label, "
                        + (separator == '\t' ? "a tab" : separator == ' ' ? "a blank" : "\"" + separator + "\"")
                        + " and a text, received \"" + shortened(lines.get(i)) + "\"");
            }
            labels.add(lines.get(i).substring(0, at));
            texts.add(lines.get(i).substring(at + 1));
        }
        return new TextLines(texts, labels);
    }

    /** The different labels, sorted: a class id is a place in this list. */
    public List<String> classes() {
        return labels.stream().distinct().sorted().toList();
    }

    private static List<String> lines(Path file) {
        byte[] bytes = read(file);
        List<String> lines = new ArrayList<>();
        int from = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF
                ? 3
                : 0;
        while (from < bytes.length) {
            int end = from;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            int length = end - from - (end > from && bytes[end - 1] == '\r' ? 1 : 0);
            lines.add(decode(file, lines.size() + 1, ByteBuffer.wrap(bytes, from, length)));
            from = end + 1;
        }
        return lines;
    }

    private static byte[] read(Path file) {
        try {
            long size = Files.size(file);
            if (size > LIMIT) {
                throw new InputException(
                        "expected a text file of at most " + LIMIT + " bytes, " + file + " has " + size + "; split it");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new InputException("expected a text file at " + file + ", found no file; check the path", e);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }

    /** Strictly: the decoder of a String would put a replacement character for what is not UTF-8. */
    private static String decode(Path file, int number, ByteBuffer line) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
        } catch (CharacterCodingException e) {
            throw new InputException(
                    file + ", line " + number + ": expected UTF-8, received other bytes (" + e.getMessage()
                            + "); convert the file",
                    e);
        }
    }

    private static String shortened(String line) {
        return line.length() <= 60 ? line : line.substring(0, 60) + "...";
    }
}
