package dev.jumbo.nn;

import dev.jumbo.nn.weights.QuantizedParts;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RowQuantized;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one frozen parameter, in the type that its group asks for. In fp32 it is held as passes use it; other types
 * are brought to the type of the pass at each use, which takes memory as long as the pass needs it.
 */
final class FrozenValue implements AutoCloseable {
    private final Parameter parameter;
    private final Storage storage;
    /** Flat, in the order of memory; null where it is quantized. */
    private @Nullable Tensor plain;

    private @Nullable RowQuantized quantized;
    private DType computing = DType.FLOAT32;

    private FrozenValue(Parameter parameter, Storage storage) {
        this.parameter = parameter;
        this.storage = storage;
    }

    /** @param first values in PyTorch's shape, FLOAT32, on the device where they stay */
    static FrozenValue of(Parameter parameter, Tensor first) {
        FrozenValue value = new FrozenValue(parameter, storage(parameter));
        value.set(first);
        return value;
    }

    static Storage storage(Parameter p) {
        Storage asked = p.group().storage();
        return switch (asked) {
            case FP32 -> asked;
            case BF16 -> p.role() == Parameter.Role.NORM ? Storage.FP32 : asked;
            case INT8, INT4 -> p.role() == Parameter.Role.WEIGHT ? asked : Storage.FP32;
        };
    }

    /** Values of a row that share a scale; null for all of it. A layout changes who is whose neighbour, so other layouts have one a row. */
    static @Nullable Integer groupSize(Parameter p) {
        return p.layout() == Layout.PLAIN ? p.group().groupSize() : null;
    }

    /** Takes over values in PyTorch's shape. */
    void set(Tensor values) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor flat =
                    Tensor.empty(Shape.of(values.elements()), DType.FLOAT32).to(values.device());
            Tensor view = parameter.layout().forFile(flat, parameter.shape());
            view.copy_(values.reshape(view.shape().toArray()));
            close();
            switch (storage) {
                case FP32 -> plain = flat.retain();
                case BF16 -> plain = flat.to(DType.BFLOAT16).retain();
                case INT8 -> quantized = RowQuantized.of(rows(flat), RowQuantized.Bits.EIGHT);
                case INT4 -> quantized = RowQuantized.of(rows(flat), RowQuantized.Bits.FOUR);
            }
        }
    }

    /** Layouts change the order within a row alone. */
    private Tensor rows(Tensor flat) {
        long rows = parameter.shape().rank() == 0 ? 1 : parameter.shape().size(0);
        long group = Storage.group(flat.elements() / Math.max(1, rows), groupSize(parameter));
        return group == 0 ? flat.view(rows, 0) : flat.view(flat.elements() / group, group);
    }

    /** The type of the passes that follow. */
    void computeIn(DType type) {
        computing = parameter.role() == Parameter.Role.NORM && type == DType.BFLOAT16 ? DType.FLOAT32 : type;
    }

    /** As the network uses it, in the caller's scope. */
    Tensor tensor() {
        try (Autograd off = Autograd.noGrad()) {
            return parameter.layout().forNetwork(flat(computing), parameter.shape());
        }
    }

    private Tensor flat(DType type) {
        Tensor flat = plain != null
                ? plain
                : Objects.requireNonNull(quantized).values().flatten(0, 1);
        return flat.dtype() == type ? flat : flat.to(type);
    }

    /** A contiguous copy on the CPU in PyTorch's shape and order, in the caller's scope. */
    Tensor forFile() {
        try (Autograd off = Autograd.noGrad()) {
            Tensor view = parameter.layout().forFile(flat(parameter.fileType()), parameter.shape());
            Tensor copy = view.isContiguous() ? view.copy() : view.contiguous();
            return copy.reshape(parameter.shape().toArray()).to(Device.CPU);
        }
    }

    /** What files have of it: the values by their name, or the parts of quantized ones, see {@link QuantizedParts}. */
    List<Safetensors.Source> sources() {
        String name = parameter.name();
        Shape shape = parameter.shape();
        long rows = shape.rank() == 0 ? 1 : shape.size(0);
        long columns = shape.elements() / Math.max(1, rows);
        long groups = columns / Math.max(1, Storage.group(columns, groupSize(parameter)));
        Safetensors.Source scale = new Safetensors.Source(
                name + QuantizedParts.SCALE,
                DType.FLOAT32,
                groups > 1 ? Shape.of(rows, groups) : Shape.of(rows),
                () -> {
                    Tensor scales = Objects.requireNonNull(quantized).scales().to(Device.CPU);
                    return groups > 1 ? scales.view(rows, groups) : scales;
                });
        return switch (storage) {
            case FP32, BF16 -> List.of(new Safetensors.Source(name, parameter.fileType(), shape, this::forFile));
            case INT8 ->
                List.of(new Safetensors.Source(name + QuantizedParts.INT8, DType.INT8, shape, this::numbers), scale);
            case INT4 ->
                List.of(
                        new Safetensors.Source(
                                name + QuantizedParts.INT4,
                                DType.UINT8,
                                Shape.of((shape.elements() + 1) / 2),
                                () -> RowQuantized.packed(numbers())),
                        scale,
                        new Safetensors.Source(
                                name + QuantizedParts.SHAPE,
                                DType.INT64,
                                Shape.of(shape.rank()),
                                () -> Tensor.of(shape.toArray(), Shape.of(shape.rank()))));
        };
    }

    /** The whole numbers on the CPU in PyTorch's shape and order, in the caller's scope. */
    private Tensor numbers() {
        try (Autograd off = Autograd.noGrad()) {
            Tensor flat = Objects.requireNonNull(quantized).numbers().flatten(0, 1);
            Tensor view = parameter.layout().forFile(flat, parameter.shape());
            return view.contiguous().reshape(parameter.shape().toArray()).to(Device.CPU);
        }
    }

    @Override
    public void close() {
        if (plain != null) {
            plain.close();
            plain = null;
        }
        if (quantized != null) {
            quantized.close();
            quantized = null;
        }
    }
}
