package dev.jumbo.train.infer;

import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Packing;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** libtorch with normalisations folded and products packed, each by the kernel that is fastest for it; all else as in training. */
final class PackedNetworks implements EngineProvider {
    private final SeededInputs made;
    private final Map<String, Packing.Kernel> choices;

    /** @param choices of an equal network, or empty; what is found is added */
    PackedNetworks(SeededInputs made, Map<String, Packing.Kernel> choices) {
        this.made = made;
        this.choices = choices;
    }

    @Override
    public String name() {
        return "libtorch";
    }

    @Override
    public Preparation prepare(Checkpoint checkpoint) {
        ModelFile description = checkpoint.description();
        Packing packing = new Packing(choices);
        LibtorchEngine engine;
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Map<String, Tensor> weights = new LinkedHashMap<>(checkpoint.weights());
            Layer folded = new Folding(weights).fold(description.model(), description.specs());
            Model model = Model.buildForInference(
                    folded, description.specs(), FirstValues.loaded(Weights.of(TensorSource.of(weights))), packing);
            engine = new LibtorchEngine("libtorch prepared", description, model, packing);
        } catch (RuntimeException e) {
            packing.close();
            return Preparation.impossible("libtorch prepared: " + e.getMessage());
        }
        try {
            List<int[]> lengths = made.lengths();
            int[] steps = lengths.get(lengths.size() / 2);
            engine.run(made.rows(4, steps, 11), 4); // packs
        } catch (RuntimeException e) {
            engine.close();
            return Preparation.impossible("libtorch prepared: " + e.getMessage());
        }
        String refused = String.join(", ", packing.refused());
        return Preparation.ready(engine, packing.said() + (refused.isEmpty() ? "" : ", run plainly: " + refused));
    }

    /** Kernels of networks that were prepared: to be kept with what else is known of one. */
    static Map<String, Packing.Kernel> none() {
        return new ConcurrentHashMap<>();
    }
}
