package dev.jumbo.data.table.read;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of durations in a Parquet file that Arrow wrote. Parquet has no such type: Arrow writes whole numbers, and
 * says what they are in the schema it keeps beside them under {@code ARROW:schema}, a flatbuffer in base64 (<a
 * href="https://github.com/apache/arrow/blob/main/format/Schema.fbs">Schema.fbs</a>, Message.fbs).
 */
final class ArrowSchema {
    static final String KEY = "ARROW:schema";

    private static final int DURATION = 18;
    private static final List<String> UNITS = List.of("seconds", "milliseconds", "microseconds", "nanoseconds");
    /** Where an encapsulated message has this, its length stands behind it. */
    private static final int CONTINUATION = -1;

    private final ByteBuffer bytes;

    private ArrowSchema(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** The unit of each column of durations; a schema that cannot be read has none. */
    static Map<String, String> durations(String base64) {
        try {
            byte[] message = Base64.getDecoder().decode(base64.strip());
            ByteBuffer all = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
            int start = all.getInt(0) == CONTINUATION ? 8 : 4;
            return new ArrowSchema(all.position(start).slice().order(ByteOrder.LITTLE_ENDIAN)).durations();
        } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            return Map.of(); // A note to the reader only: the values are whole without it.
        }
    }

    private Map<String, String> durations() {
        Map<String, String> units = new LinkedHashMap<>();
        int message = bytes.getInt(0);
        int schema = follow(field(message, 2));
        int fields = follow(field(schema, 1));
        int count = bytes.getInt(fields);
        for (int i = 0; i < count; i++) {
            int column = follow(fields + 4 + 4 * i);
            int kind = field(column, 2);
            if (kind != 0 && bytes.get(kind) == DURATION) {
                int unit = field(follow(field(column, 3)), 0);
                units.put(text(follow(field(column, 0))), UNITS.get(unit == 0 ? 1 : bytes.getShort(unit)));
            }
        }
        return units;
    }

    /** Where a field of a table stands; 0 where it is left at its default. */
    private int field(int table, int index) {
        int vtable = table - bytes.getInt(table);
        int entry = 4 + 2 * index;
        int offset = entry < bytes.getShort(vtable) ? bytes.getShort(vtable + entry) : 0;
        return offset == 0 ? 0 : table + offset;
    }

    private int follow(int at) {
        return at + bytes.getInt(at);
    }

    private String text(int at) {
        int length = bytes.getInt(at);
        if (length < 0 || length > bytes.limit() - 4 - at) {
            throw new IndexOutOfBoundsException(length);
        }
        byte[] text = new byte[length];
        bytes.get(at + 4, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
