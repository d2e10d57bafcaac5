package dev.jumbo.onnx.run;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a file says before a runtime is given it: its metadata, and which other files it wants read. Elements of constants are passed over,
 * so that the size of the file is not that of the memory.
 */
final class FileScan {
    /** Graphs inside graphs, as of loops; a real model has two or three. */
    private static final int DEEPEST = 32;

    private final Map<String, String> metadata = new HashMap<>();
    private final List<Map<String, String>> outside = new ArrayList<>();
    private boolean graph;
    private boolean operators;
    private boolean controlFlow;

    private FileScan() {}

    /** @throws InputException if it is no file of ONNX, or wants files read that are not beside it */
    static FileScan of(Path file) {
        FileScan scan = new FileScan();
        try (InputStream in = Files.newInputStream(file)) {
            CodedInputStream coded = CodedInputStream.newInstance(in, 1 << 16);
            coded.setSizeLimit(Integer.MAX_VALUE);
            scan.model(coded);
        } catch (InvalidProtocolBufferException e) {
            throw new InputException(
                    "expected a model of ONNX in " + file.getFileName() + ", received a damaged or other file: "
                            + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new InputException("cannot read " + file.getFileName() + ": " + e.getMessage(), e);
        }
        if (!scan.graph || !scan.operators) {
            throw new InputException("expected a model of ONNX in " + file.getFileName()
                    + ", received a file without a graph; export it again");
        }
        scan.requireInside(file);
        return scan;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** Whether it has loops or branches, which one value of the whole batch decides. */
    boolean hasControlFlow() {
        return controlFlow;
    }

    /** The other files that it has constants in, relative to its own directory and below that. */
    Set<String> outside() {
        return outside.stream().map(where -> where.getOrDefault("location", "")).collect(Collectors.toSet());
    }

    /** Each field of a message. */
    @FunctionalInterface
    private interface Reader {
        /** @return whether it has read the field; what it has not is passed over */
        boolean read(int field) throws IOException;
    }

    private static void fields(CodedInputStream in, Reader reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean whole = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (!(whole && reader.read(WireFormat.getTagFieldNumber(tag))) && !in.skipField(tag)) {
                throw new InvalidProtocolBufferException("a group that was never begun ends");
            }
        }
    }

    private static boolean inside(CodedInputStream in, Reader reader) throws IOException {
        int before = in.pushLimit(in.readRawVarint32());
        fields(in, reader);
        in.checkLastTagWas(0);
        if (in.getBytesUntilLimit() != 0) {
            throw new InvalidProtocolBufferException("a message ends before its length");
        }
        in.popLimit(before);
        return true;
    }

    private void model(CodedInputStream in) throws IOException {
        fields(in, field -> switch (field) {
            case 7 -> {
                graph = true;
                yield graph(in, 0);
            }
            case 8 -> {
                operators = true;
                yield false;
            }
            case 14 -> {
                pair(in, metadata);
                yield true;
            }
            case 25 -> inside(in, part -> part == 7 && node(in, 0));
            default -> false;
        });
    }

    private boolean graph(CodedInputStream in, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new InvalidProtocolBufferException("graphs are nested deeper than " + DEEPEST);
        }
        return inside(in, field -> switch (field) {
            case 1 -> node(in, depth);
            case 5 -> tensor(in);
            case 15 -> sparse(in);
            default -> false;
        });
    }

    private boolean node(CodedInputStream in, int depth) throws IOException {
        return inside(
                in,
                field -> field == 5
                        && inside(in, part -> switch (part) {
                            case 5, 10 -> tensor(in);
                            case 6, 11 -> {
                                controlFlow = true; // Loop, If and Scan are what has graphs inside.
                                yield graph(in, depth + 1);
                            }
                            case 22, 23 -> sparse(in);
                            default -> false;
                        }));
    }

    private boolean sparse(CodedInputStream in) throws IOException {
        return inside(in, field -> (field == 1 || field == 2) && tensor(in));
    }

    private boolean tensor(CodedInputStream in) throws IOException {
        Map<String, String> where = new HashMap<>();
        inside(in, field -> {
            if (field == 13) {
                pair(in, where);
            }
            return field == 13;
        });
        if (!where.isEmpty()) {
            outside.add(where);
        }
        return true;
    }

    private static void pair(CodedInputStream in, Map<String, String> into) throws IOException {
        String[] pair = {"", ""};
        inside(in, field -> {
            if (field != 1 && field != 2) {
                return false;
            }
            pair[field - 1] = new String(in.readByteArray(), StandardCharsets.UTF_8);
            return true;
        });
        into.put(pair[0], pair[1]);
    }

    /** A model may not read what it was not delivered with. */
    private void requireInside(Path model) {
        Path directory;
        try {
            directory = Durable.parent(model).toRealPath();
        } catch (IOException e) {
            throw new InputException("cannot read the directory of " + model.getFileName(), e);
        }
        for (Map<String, String> where : outside) {
            String location = where.getOrDefault("location", "");
            Path file = inside(directory, location, model);
            try {
                long offset = Long.parseLong(where.getOrDefault("offset", "0"));
                long length = Long.parseLong(where.getOrDefault("length", "0"));
                long size = Files.size(file);
                if (offset < 0 || length < 0 || offset > size || length > size - offset) {
                    throw new InputException("expected " + length + " bytes from " + offset + " on in " + location
                            + ", which " + model.getFileName() + " has its parameters in, received a file of " + size
                            + " bytes; copy it again");
                }
            } catch (IOException e) {
                throw new InputException("cannot read " + location + ": " + e.getMessage(), e);
            } catch (NumberFormatException e) {
                throw new InputException(
                        model.getFileName() + " says where parameters are in " + location + " by no number: " + where);
            }
        }
    }

    private static Path inside(Path directory, String location, Path model) {
        InputException refused = new InputException("expected the parameters of " + model.getFileName()
                + " in files beside it, received the location \"" + location + "\"; a model reads no other files");
        try {
            Path relative = Path.of(location);
            boolean climbs = StreamSupport.stream(relative.spliterator(), false)
                    .anyMatch(part -> part.toString().equals("..")); // ONNX has no such paths
            if (location.isEmpty() || relative.isAbsolute() || location.contains("\\") || climbs) {
                throw refused;
            }
            Path file = directory.resolve(relative).normalize();
            if (!Files.isRegularFile(file)) {
                throw new InputException("expected the file " + location + " beside " + model.getFileName()
                        + ", which has its parameters in it, received none; copy both");
            }
            if (!file.toRealPath().startsWith(directory)) {
                throw refused;
            }
            return file;
        } catch (IOException | IllegalArgumentException e) {
            throw refused;
        }
    }
}
