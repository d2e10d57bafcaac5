package dev.jumbo.spark.gang;

import dev.jumbo.dist.launch.WorkerExit;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a task tells the driver: a byte for the sort, then numbers and texts in big-endian order. */
sealed interface Message {
    /** A longer line is cut. */
    int MAX_BYTES = 1 << 20;

    /** The first message: who speaks. */
    record Hello(String secret, int rank, String host) implements Message {}

    /** A line of the worker's standard output. */
    record Out(String line) implements Message {}

    /** A line of the worker's standard error. */
    record Err(String line) implements Message {}

    /** How the worker ended, the last of its messages. */
    record Ended(WorkerExit exit) implements Message {}

    /** No process of the worker is left. */
    record Gone() implements Message {}

    default void write(DataOutputStream out) throws IOException {
        if (this instanceof Hello hello) {
            out.writeByte('H');
            text(out, hello.secret);
            out.writeInt(hello.rank);
            text(out, hello.host);
        } else if (this instanceof Out line) {
            out.writeByte('O');
            text(out, line.line);
        } else if (this instanceof Err line) {
            out.writeByte('E');
            text(out, line.line);
        } else if (this instanceof Ended ended) {
            out.writeByte('X');
            out.writeInt(ended.exit.status());
            text(out, ended.exit.lastError());
        } else {
            out.writeByte('G');
        }
        out.flush();
    }

    /** Waits for the next. @throws java.io.EOFException if there is none, ever */
    static Message read(DataInputStream in) throws IOException {
        byte sort = in.readByte();
        return switch (sort) {
            case 'H' -> new Hello(text(in), in.readInt(), text(in));
            case 'O' -> new Out(text(in));
            case 'E' -> new Err(text(in));
            case 'X' -> new Ended(new WorkerExit(in.readInt(), text(in)));
            case 'G' -> new Gone();
            default -> throw new IOException("expected a message of a task, received byte " + sort);
        };
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MAX_BYTES);
        out.writeInt(length);
        out.write(bytes, 0, length);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("expected a text of up to " + MAX_BYTES + " bytes, received the length " + length);
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
