package dev.jumbo.train.callbacks;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: TFRecords of protocol buffers {@code tensorflow.Event}.
 *
 * <p>A record is its length (8 bytes, little endian), the masked CRC-32C of that, the data, and the masked CRC-32C of
 * the data. An event has the fields 1 wall_time (double), 2 step (varint), 3 file_version (string), 5 summary (message),
 * 7 session_log (message); a summary has values (field 1) of 1 tag (string) and 2 simple_value (float).
 */
final class EventFile implements Closeable {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final OutputStream out;

    private EventFile(OutputStream out) {
        this.out = out;
    }

    /** A new file, with the version that readers ask for first. @param wallTime seconds since 1970 */
    static EventFile create(Path file, double wallTime) throws IOException {
        EventFile events =
                new EventFile(new FileOutputStream(Files.createFile(file).toFile()));
        ByteArrayOutputStream event = event(wallTime, 0);
        bytes(event, 3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        events.record(event);
        return events;
    }

    /** Figures of a step, by tag. */
    void scalars(double wallTime, long step, Map<String, Double> values) throws IOException {
        ByteArrayOutputStream summary = new ByteArrayOutputStream();
        values.forEach((tag, value) -> {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            bytes(one, 1, tag.getBytes(StandardCharsets.UTF_8));
            key(one, 2, FIXED32);
            one.writeBytes(little(Float.BYTES).putFloat(value.floatValue()).array());
            bytes(summary, 1, one.toByteArray());
        });
        ByteArrayOutputStream event = event(wallTime, step);
        bytes(event, 5, summary.toByteArray());
        record(event);
    }

    /** Tells readers that training starts again here: they forget what older files have from this step on. */
    void restart(double wallTime, long step) throws IOException {
        ByteArrayOutputStream session = new ByteArrayOutputStream();
        key(session, 1, VARINT);
        varint(session, 1); // SessionStatus.START
        ByteArrayOutputStream event = event(wallTime, step);
        bytes(event, 7, session.toByteArray());
        record(event);
    }

    private static ByteArrayOutputStream event(double wallTime, long step) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        key(event, 1, FIXED64);
        event.writeBytes(little(Double.BYTES).putDouble(wallTime).array());
        key(event, 2, VARINT);
        varint(event, step);
        return event;
    }

    private void record(ByteArrayOutputStream event) throws IOException {
        byte[] data = event.toByteArray();
        byte[] length = little(Long.BYTES).putLong(data.length).array();
        ByteBuffer record = little(Long.BYTES + 2 * Integer.BYTES + data.length);
        record.put(length).putInt(maskedCrc(length)).put(data).putInt(maskedCrc(data));
        out.write(record.array()); // In one piece: a reader at the same time sees whole records.
    }

    /** Masked, because a CRC over bytes that hold CRCs is weak. */
    private static int maskedCrc(byte[] data) {
        CRC32C checksum = new CRC32C();
        checksum.update(data, 0, data.length);
        int crc = (int) checksum.getValue();
        return ((crc >>> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private static void bytes(ByteArrayOutputStream to, int field, byte[] value) {
        key(to, field, BYTES);
        varint(to, value.length);
        to.writeBytes(value);
    }

    private static void key(ByteArrayOutputStream to, int field, int wireType) {
        varint(to, (long) field << 3 | wireType);
    }

    private static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
