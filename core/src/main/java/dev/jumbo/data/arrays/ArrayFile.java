package dev.jumbo.data.arrays;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A file of named arrays: {@code .npz} (numpy's {@code savez}) or {@code .safetensors}. */
public sealed interface ArrayFile extends AutoCloseable {
    /** Names of the arrays. */
    List<String> names();

    /** Reads an array. @throws InputException if there is none of the name, or it is damaged */
    NamedArray read(String name);

    @Override
    void close();

    /** Opens a file by the end of its name. @throws InputException if there is none, or it is of another kind */
    static ArrayFile open(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected a file of arrays at " + file + ", found none");
        }
        if (name.endsWith(".safetensors")) {
            return new OfTensors(file, Safetensors.open(file));
        }
        if (!name.endsWith(".npz")) {
            throw new InputException("expected arrays in a file .npz or .safetensors, received " + file
                    + "; numpy.savez(\"data.npz\", name=array) makes one");
        }
        try {
            OfNumpy arrays = new OfNumpy(file, new ZipFile(file.toFile()));
            arrays.requireOneEach();
            return arrays;
        } catch (ZipException | EOFException e) {
            String detail = e.getMessage() == null ? "it says of itself that it is longer" : e.getMessage();
            throw new InputException(file + " is no sound .npz file: " + detail, e);
        } catch (IOException e) {
            throw new FailureException("can't read " + file + ": " + e, e);
        }
    }

    private static InputException unknown(Path file, String name, List<String> names) {
        return new InputException(
                file + ": expected an array \"" + name + "\"" + Nearest.hint(name, names) + ", found " + names);
    }

    /** A zip of {@code NAME.npy}. */
    record OfNumpy(Path file, ZipFile zip) implements ArrayFile {
        private static final String SUFFIX = ".npy";

        @Override
        public List<String> names() {
            return Collections.list(zip.entries()).stream()
                    .map(ZipEntry::getName)
                    .filter(entry -> entry.endsWith(SUFFIX))
                    .map(entry -> entry.substring(0, entry.length() - SUFFIX.length()))
                    .toList();
        }

        /** Of two of one name a zip gives the one or the other. */
        private void requireOneEach() {
            Set<String> seen = new HashSet<>();
            List<String> names;
            try {
                names = names();
            } catch (IllegalArgumentException e) { // the JDK's reader found out no sooner
                close();
                throw new InputException(
                        file + " is no sound .npz file: expected names in UTF-8, received other bytes", e);
            }
            for (String name : names) {
                if (!seen.add(name)) {
                    close();
                    throw new InputException(file + ": expected each array once, received " + name + " twice");
                }
            }
        }

        @Override
        public NamedArray read(String name) {
            ZipEntry entry = zip.getEntry(name + SUFFIX);
            if (entry == null) {
                throw unknown(file, name, names());
            }
            try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
                NamedArray array = NpyFile.read(in, file + " " + name);
                if (in.read() >= 0) {
                    throw new InputException(file + " " + name + ": expected an array " + array.shape()
                            + " and nothing behind it, received more bytes; the file is damaged");
                }
                if (in.getChecksum().getValue() != entry.getCrc()) {
                    throw new InputException(file + " " + name
                            + ": expected what its checksum was made of, received something else; the file is damaged");
                }
                return array;
            } catch (ZipException | EOFException e) {
                throw new InputException(file + " " + name + " is damaged: " + e.getMessage(), e);
            } catch (IOException e) {
                throw new FailureException("can't read " + file + ": " + e, e);
            }
        }

        @Override
        public void close() {
            try {
                zip.close();
            } catch (IOException e) {
                throw new FailureException("can't close " + file + ": " + e, e);
            }
        }
    }

    /** Tensors. */
    record OfTensors(Path file, SafetensorsFile tensors) implements ArrayFile {
        /** Those of types that are not read too: {@link #read} says so. */
        @Override
        public List<String> names() {
            return Stream.concat(tensors.names().stream(), tensors.unreadable().keySet().stream())
                    .toList();
        }

        @Override
        public NamedArray read(String name) {
            if (!names().contains(name)) {
                throw unknown(file, name, names());
            }
            SafetensorsFile.Unsigned unsigned = tensors.unsigned(name);
            if (unsigned != null) {
                return new NamedArray(
                        unsigned.shape(),
                        DType.INT64,
                        unsigned.values(),
                        "uint" + unsigned.type().substring(1));
            }
            SafetensorsFile.Entry entry = tensors.entry(name);
            Shape shape = entry.shape();
            if (shape.elements() > Integer.MAX_VALUE - 8) {
                throw new InputException(file + " " + name + ": expected fewer than 2^31 values, received " + shape);
            }
            String type = entry.dtype().name().toLowerCase(Locale.ROOT);
            try (Scope scope = Scope.open()) {
                Tensor tensor = tensors.read(name);
                return switch (entry.dtype()) {
                    case INT64, INT32, INT16 ->
                        new NamedArray(
                                shape, DType.INT64, tensor.to(DType.INT64).toLongs(), type);
                    case FLOAT64 -> new NamedArray(shape, DType.FLOAT64, tensor.toDoubles(), type);
                    default ->
                        new NamedArray(
                                shape, DType.FLOAT32, tensor.to(DType.FLOAT32).toFloats(), type);
                };
            }
        }

        @Override
        public void close() {}
    }
}
