package dev.jumbo.data.table.read;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Lines of a bounded length with their numbers, which can be put back. */
final class LineReader {
    private final BufferedReader in;
    private final int limit;
    private final Deque<Line> putBack = new ArrayDeque<>();
    private long number;

    /**
     * @param number from 1
     * @param text without the line end; cut off at the limit
     * @param tooLong whether it was cut off
     * @param end the line end: LF, CR LF, CR, or empty at the end of the file
     */
    record Line(long number, String text, boolean tooLong, String end) {}

    /** @param limit characters of a line that are kept; what is beyond is read past, so a line of any length is safe */
    LineReader(BufferedReader in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** The next line, or null at the end. A line ends with LF, CR LF or CR. */
    @Nullable
    Line next() throws IOException {
        Line again = putBack.poll();
        if (again != null) {
            return again;
        }
        int c = in.read();
        if (c < 0) {
            return null;
        }
        number++;
        StringBuilder text = new StringBuilder();
        boolean tooLong = false;
        while (c >= 0 && c != '\n' && c != '\r') {
            if (text.length() < limit) {
                text.append((char) c);
            } else {
                tooLong = true;
            }
            c = in.read();
        }
        String end = c < 0 ? "" : c == '\n' ? "\n" : "\r";
        if (c == '\r') {
            in.mark(1);
            if (in.read() == '\n') {
                end = "\r\n";
            } else {
                in.reset();
            }
        }
        if (number == 1 && text.length() > 0 && text.charAt(0) == '\uFEFF') {
            text.deleteCharAt(0); // a byte order mark
        }
        return new Line(number, text.toString(), tooLong, end);
    }

    /** Gives a line again at the next call of {@link #next}; the last one put back comes first. */
    void putBack(Line line) {
        putBack.push(line);
    }
}
