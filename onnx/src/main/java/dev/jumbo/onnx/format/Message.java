package dev.jumbo.onnx.format;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A message of protobuf: fields with numbers, in order. Its size is known before it is written, as a message around it needs that first. */
final class Message {
    private final List<Part> parts = new ArrayList<>();
    private long size;

    /** A field that can write itself. */
    @FunctionalInterface
    private interface Part {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    /** Bytes that are made when they are written. */
    @FunctionalInterface
    interface Content {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    Message integer(int field, long value) {
        return add(CodedOutputStream.computeInt64Size(field, value), out -> out.writeInt64(field, value));
    }

    Message integers(int field, long... values) {
        for (long value : values) {
            integer(field, value);
        }
        return this;
    }

    Message real(int field, float value) {
        return add(CodedOutputStream.computeFloatSize(field, value), out -> out.writeFloat(field, value));
    }

    /** Nothing if it is empty, which readers take for the same. */
    Message text(int field, String value) {
        return value.isEmpty() ? this : textAlways(field, value);
    }

    /** Also if it is empty: an input that is left out has that name. */
    Message textAlways(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message texts(int field, List<String> values) {
        values.forEach(value -> textAlways(field, value));
        return this;
    }

    Message bytes(int field, byte[] value) {
        return add(CodedOutputStream.computeByteArraySize(field, value), out -> out.writeByteArray(field, value));
    }

    /** @param length that the content has, below 2 GB */
    Message content(int field, long length, Content content) {
        int head = CodedOutputStream.computeTagSize(field)
                + CodedOutputStream.computeUInt32SizeNoTag(Math.toIntExact(length));
        return add(head + length, out -> {
            out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag((int) length);
            content.writeTo(out);
        });
    }

    Message message(int field, Message inside) {
        return content(field, inside.size, inside::writeTo);
    }

    /** A pair of {@code StringStringEntryProto}. */
    Message entry(int field, String key, String value) {
        return message(field, new Message().text(1, key).text(2, value));
    }

    private Message add(long bytes, Part part) {
        size += bytes;
        parts.add(part);
        return this;
    }

    /** In bytes. */
    long size() {
        return size;
    }

    void writeTo(CodedOutputStream out) throws IOException {
        for (Part part : parts) {
            part.writeTo(out);
        }
    }
}
