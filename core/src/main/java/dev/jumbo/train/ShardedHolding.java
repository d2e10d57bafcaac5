package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatRegion;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.blocks.GatedBlocks;
import dev.jumbo.nn.weights.LoadPlan;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.checkpoint.Share;
import dev.jumbo.train.shard.FullShard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A share of all that training changes; buffers and frozen parameters whole. No worker ever holds more than that and two blocks. */
final class ShardedHolding implements Holding {
    private final World world;
    private final TrainConfig config;
    private final Model model;
    private final FullShard shard;

    private ShardedHolding(TrainerBuilder.Setup setup, Model model, FullShard shard) {
        world = setup.world();
        config = setup.config();
        this.model = model;
        this.shard = shard;
        model.store().prepareTraining(config.precision() == TrainConfig.Precision.BF16);
    }

    static ShardedHolding build(TrainerBuilder.Setup setup, TrainingData data, StartingWeights start) {
        TrainConfig config = setup.config();
        requireOnePass(config, data);
        FullShard shard =
                new FullShard(setup.world(), setup.device(), config.precision() == TrainConfig.Precision.BF16);
        try {
            Model model = Model.build(
                    setup.model(),
                    Field.specs(data.inputs()),
                    start.first(),
                    start.groups(),
                    setup.device(),
                    new GatedBlocks(config.recompute(), shard));
            return new ShardedHolding(setup, model, shard);
        } catch (RuntimeException e) {
            shard.free();
            throw e;
        }
    }

    /** Workers put blocks together in one order: that of one pass, forward and backward, through the whole model. */
    private static void requireOnePass(TrainConfig config, TrainingData data) {
        ExampleRules.refuse(config, "fully sharded training");
        if (data.phases().all().size() > 1 || !data.phases().first().passesOnce()) {
            throw new InputException(
                    "distributed.strategy: fully_sharded trains one model by a loss of its outputs, received"
                            + " phases or an objective of the program's own; use data_parallel or zero1");
        }
    }

    @Override
    public Model model() {
        return model;
    }

    @Override
    public FlatSlice slice() {
        return shard;
    }

    @Override
    public Share share() {
        return new Share(
                new Share.Ranges(shard.ranges(), shard.total()),
                Share.Ranges.whole(model.store().buffers().elements()));
    }

    @Override
    public void zeroGradients() {
        shard.gradients().zero_();
    }

    @Override
    public boolean dividesState() {
        return true;
    }

    @Override
    public boolean dividesModel() {
        return false;
    }

    @Override
    public double sum(double number) {
        return shard.sum(number);
    }

    /** A parameter is put together on all workers when its turn to be written comes. */
    @Override
    public List<Safetensors.Source> weights() {
        List<Safetensors.Source> all = new ArrayList<>();
        shard.order().trainable().forEach(p -> all.add(FlatRegion.source(p, () -> shard.gather(p))));
        all.addAll(model.store().toFileAsHeld(at -> at.of(model.store().values())));
        return all;
    }

    @Override
    public void load(SafetensorsFile weights, Set<String> kept) {
        Map<String, Shape> wanted = new LinkedHashMap<>(shard.order().shapes());
        wanted.keySet().removeAll(kept);
        LoadPlan plan = LoadPlan.of(
                Weights.of(TensorSource.of("", weights)), wanted, shard.order().tied());
        shard.order().trainable().forEach(p -> shard.take(p, () -> FlatRegion.inMemory(p, plan.read(p.name()))));
        model.store().fromFileOfMore(weights, kept);
    }

    @Override
    public BatchPass pass() {
        return new ReplicaPass(world, model, config, shard);
    }

    @Override
    public void close() {
        model.close();
        shard.free();
    }
}
