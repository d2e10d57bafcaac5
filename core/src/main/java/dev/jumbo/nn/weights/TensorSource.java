package dev.jumbo.nn.weights;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.Checksum;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Named tensors that are read one by one: of a file, of several files with an index, of memory. */
public interface TensorSource {
    /** Where they come from, for messages and records; empty if nobody needs to be told. */
    String where();

    /** The files that it reads; none of memory. */
    default List<Path> files() {
        return List.of();
    }

    /** What there is, in order. */
    Map<String, Stored> tensors();

    /**
     * A tensor that can be read.
     *
     * @param read gives it in the innermost open scope, of this type and shape
     */
    record Stored(DType dtype, Shape shape, Supplier<Tensor> read) {
        /** Whether another has the same type, shape and values; reads both. */
        public boolean isSame(Stored other) {
            if (!shape.equals(other.shape) || dtype != other.dtype) {
                return false;
            }
            try (Scope scope = Scope.open()) {
                return Checksum.sha256(List.of(read.get().to(DType.FLOAT32)))
                        .equals(Checksum.sha256(List.of(other.read.get().to(DType.FLOAT32))));
            }
        }
    }

    /** @throws InputException if there is none of this name, naming the nearest */
    default Stored tensor(String name) {
        Stored found = tensors().get(name);
        if (found == null) {
            throw new InputException("no tensor \"" + name + "\" in " + where()
                    + Nearest.hint(name, tensors().keySet()));
        }
        return found;
    }

    /** The tensors of a safetensors file. @throws InputException if it is not sound */
    static TensorSource open(Path file) {
        return new NamedTensors(
                file.toString(),
                List.of(file),
                of(file.toString(), Safetensors.open(file)).tensors());
    }

    /** The tensors of an open file, those in {@link QuantizedParts} as one. @param where its name for messages */
    static TensorSource of(String where, SafetensorsFile file) {
        return new NamedTensors(where, List.of(), QuantizedParts.joined(file));
    }

    /** Tensors in memory, which must outlive this. */
    static TensorSource of(Map<String, Tensor> named) {
        Map<String, Stored> tensors = new LinkedHashMap<>();
        named.forEach((name, t) ->
                tensors.put(name, new Stored(t.dtype(), t.shape(), () -> Objects.requireNonNull(named.get(name)))));
        return new NamedTensors("", List.of(), tensors);
    }

    /**
     * The same, where reading a tensor that has a value which is no finite number in fp32 is an {@link InputException} with its
     * name: NaN, infinity, or more than fp32 holds.
     */
    default TensorSource finite() {
        Map<String, Stored> checked = new LinkedHashMap<>();
        tensors()
                .forEach((name, stored) -> checked.put(
                        name, new Stored(stored.dtype(), stored.shape(), () -> FiniteValues.require(name, stored))));
        return new NamedTensors(where(), files(), checked);
    }

    /** A source that is known as a whole. @param files that it reads */
    static TensorSource named(String where, List<Path> files, Map<String, Stored> tensors) {
        return new NamedTensors(where, files, tensors);
    }

    /** Only those of some names. */
    default TensorSource only(Predicate<String> wanted) {
        Map<String, Stored> tensors = new LinkedHashMap<>(tensors());
        tensors.keySet().removeIf(wanted.negate());
        return new NamedTensors(where(), files(), tensors);
    }
}
