package dev.jumbo.onnx.graph;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Where the values of parameters and buffers are read from, when the file is written. */
@FunctionalInterface
public interface ParameterSource {
    /** FLOAT32, in PyTorch's shape and order, in the caller's scope. */
    Tensor read(String name);

    /** Of a built model, as it is when the file is written. */
    static ParameterSource of(Model model) {
        Map<String, Supplier<Tensor>> sources = new HashMap<>();
        model.store()
                .toFile(range -> range.of(model.store().values()))
                .forEach(source -> sources.put(source.name(), source.values()));
        return name -> {
            Supplier<Tensor> found = sources.get(name);
            if (found == null) {
                throw missing(name);
            }
            try (Autograd off = Autograd.noGrad()) {
                return found.get().to(DType.FLOAT32);
            }
        };
    }

    /** Of a file, of which one parameter at a time is in memory. */
    static ParameterSource of(SafetensorsFile file) {
        TensorSource tensors = TensorSource.of("", file);
        return name -> {
            TensorSource.Stored found = tensors.tensors().get(name);
            if (found == null) {
                throw missing(name);
            }
            return found.read().get().to(DType.FLOAT32);
        };
    }

    /** Of tensors by name. */
    static ParameterSource of(Map<String, Tensor> tensors) {
        return name -> {
            Tensor found = tensors.get(name);
            if (found == null) {
                throw missing(name);
            }
            return found.to(DType.FLOAT32);
        };
    }

    private static InputException missing(String name) {
        return new InputException("expected the parameter " + name + ", which the weights do not have");
    }
}
