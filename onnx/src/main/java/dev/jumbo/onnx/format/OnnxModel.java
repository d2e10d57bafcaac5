package dev.jumbo.onnx.format;

import com.google.protobuf.CodedOutputStream;
import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import dev.jumbo.files.Sha256;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A file of ONNX ({@code ModelProto}).
 *
 * @param opset version of the operators
 * @param producerVersion of the program that made it
 * @param graph what it computes
 * @param metadata texts by name
 */
public record OnnxModel(int opset, String producerVersion, OnnxGraph graph, Map<String, String> metadata) {
    /** The most that protobuf holds is 2 GB; what is larger has its parameters in a second file. */
    private static final long LARGEST = 1_900_000_000L;

    /** Constants below this stay in the model's file, as shapes must. */
    private static final long SMALL = 1024;

    /** Elements in the second file begin at multiples of this, so that they can be mapped. */
    private static final long ALIGNMENT = 4096;

    public OnnxModel {
        metadata = Map.copyOf(metadata);
    }

    /** The oldest version of the format that has these operators. */
    private int format() {
        return opset <= 18 ? 8 : opset <= 20 ? 9 : opset <= 22 ? 10 : 11;
    }

    private Message message(Function<OnnxConstant, Message> written) {
        Message made = new Message()
                .integer(1, format())
                .text(2, "jumbo")
                .text(3, producerVersion)
                .message(7, graph.message(written))
                .message(8, new Message().integer(2, opset));
        new TreeMap<>(metadata).forEach((key, text) -> made.entry(14, key, text));
        return made;
    }

    /** The whole in memory. @throws FailureException if it is larger than 2 GB */
    public byte[] toBytes() {
        if (constantBytes() > LARGEST) {
            throw new FailureException("the model has " + constantBytes()
                    + " bytes of parameters, more than one array holds; write it to a file");
        }
        Message all = message(OnnxConstant::inFile);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(all.size()));
        try {
            write(all, bytes);
        } catch (IOException e) {
            throw new FailureException("cannot write the model to memory: " + e, e);
        }
        return bytes.toByteArray();
    }

    private long constantBytes() {
        return graph.constants().stream().mapToLong(OnnxConstant::bytes).sum();
    }

    /**
     * Writes a file that appears when it is complete. A model above 2 GB has its parameters in a second one beside it, {@code
     * NAME.HASH.data}, which is there first.
     */
    public void write(Path file) throws IOException {
        write(file, LARGEST);
    }

    /** As {@link #write(Path)}. @param largest bytes of parameters that may be in the file itself */
    public void write(Path file, long largest) throws IOException {
        if (constantBytes() <= largest) {
            Durable.write(file, draft -> write(message(OnnxConstant::inFile), draft));
            return;
        }
        Path draft = Durable.temporary(file);
        try {
            IdentityHashMap<OnnxConstant, Long> offsets = writeData(draft);
            // Named by what it holds: a model that is written in the place of another never finds the other's
            // parameters.
            String name = file.getFileName() + "." + Sha256.of(draft).substring(0, 16) + ".data";
            Durable.force(draft);
            Durable.rename(draft, file.resolveSibling(name));
            Durable.write(
                    file,
                    model -> write(
                            message(constant -> {
                                Long offset = offsets.get(constant);
                                return offset == null ? constant.inFile() : constant.outside(name, offset);
                            }),
                            model));
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private IdentityHashMap<OnnxConstant, Long> writeData(Path draft) throws IOException {
        IdentityHashMap<OnnxConstant, Long> offsets = new IdentityHashMap<>();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16)) {
            long at = 0;
            for (OnnxConstant constant : graph.constants()) {
                if (constant.bytes() < SMALL) {
                    continue;
                }
                long start = (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                out.write(new byte[(int) (start - at)]);
                offsets.put(constant, start);
                constant.content().writeTo((block, length) -> out.write(block, 0, length));
                at = start + constant.bytes();
            }
        }
        return offsets;
    }

    private static void write(Message message, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            write(message, out);
        }
    }

    private static void write(Message message, OutputStream to) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(to, 1 << 16);
        message.writeTo(out);
        out.flush();
    }
}
