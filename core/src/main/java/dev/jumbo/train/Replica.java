package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.dist.World;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.nn.blocks.Recomputation;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Share;
import dev.jumbo.train.parallel.GradientBuckets;
import dev.jumbo.train.shard.Shard;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The whole model, and the optimizer's state of all of it, or of this worker's share. */
final class Replica implements Holding {
    private final World world;
    private final TrainConfig config;
    private final Model model;
    private final @Nullable Model reference;
    private final FlatStore store;
    private final @Nullable Shard shard;

    private Replica(TrainerBuilder.Setup setup, Model model, @Nullable Model reference) {
        world = setup.world();
        config = setup.config();
        this.model = model;
        this.reference = reference;
        store = model.store();
        boolean bf16 = config.precision() == TrainConfig.Precision.BF16;
        if (world.size() > 1 && config.distributed().strategy() == DistributedConfig.Strategy.ZERO1) {
            shard = Shard.prepare(store, world, bf16, config.distributed().bucketMb());
        } else {
            shard = null;
            store.prepareTraining(bf16);
        }
    }

    static Replica build(TrainerBuilder.Setup setup, TrainingData data, StartingWeights start) {
        if (setup.config().recompute()) {
            ExampleRules.refuse(setup.config(), "recompute: true");
        }
        Model model = Model.build(
                setup.model(),
                Field.specs(data.inputs()),
                start.first(),
                start.groups(),
                setup.device(),
                setup.config().recompute() ? new Recomputation() : null);
        Model reference = null;
        try {
            reference = reference(setup, data, start);
            return new Replica(setup, model, reference);
        } catch (RuntimeException e) {
            model.close();
            if (reference != null) {
                reference.close();
            }
            throw e;
        }
    }

    /** The model as training begins, frozen, where the objective compares with it. */
    private static @Nullable Model reference(TrainerBuilder.Setup setup, TrainingData data, StartingWeights start) {
        if (start.reference() == null) {
            return null;
        }
        Specs in = Field.specs(data.inputs());
        Model reference = Model.build(
                Changes.of(setup.model(), in).none(),
                in,
                start.reference(),
                ParameterGroups.of(ParameterGroup.frozen("*")),
                setup.device());
        reference.store().prepareTraining(setup.config().precision() == TrainConfig.Precision.BF16);
        return reference;
    }

    @Override
    public Model model() {
        return model;
    }

    @Override
    public FlatSlice slice() {
        return shard == null ? store : shard;
    }

    @Override
    public Share share() {
        return shard == null ? Share.whole(store) : Share.of(store, shard.range());
    }

    @Override
    public boolean dividesState() {
        return shard != null;
    }

    @Override
    public boolean dividesModel() {
        return false;
    }

    @Override
    public double sum(double number) {
        return shard == null ? number : shard.sum(number);
    }

    @Override
    public Tensor together(FlatRange range, long start, Tensor own) {
        return shard == null ? own : shard.together(range, start, own);
    }

    /** Nothing on a worker that neither writes the weights nor has a part that the first one lacks. */
    @Override
    public List<Safetensors.Source> weights() {
        if (shard == null || store.range().equals(store.whole())) {
            return world.isFirst() ? store.toFileAsHeld(at -> at.of(store.values())) : List.of();
        }
        return store.toFileAsHeld(shard::gather);
    }

    @Override
    public void load(SafetensorsFile weights, Set<String> kept) {
        store.fromFile(weights, kept);
    }

    @Override
    public BatchPass pass() {
        return new ReplicaPass(
                world,
                model,
                reference,
                config,
                shard != null && shard.sumsGradients()
                        ? shard
                        : new GradientBuckets(world, store, config.distributed().bucketMb()));
    }

    @Override
    public void close() {
        if (shard != null) {
            shard.close();
        }
        if (reference != null) {
            reference.close();
        }
        model.close();
    }
}
