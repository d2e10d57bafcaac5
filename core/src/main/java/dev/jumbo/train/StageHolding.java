package dev.jumbo.train;

import dev.jumbo.data.Field;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.blocks.Recomputation;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.Stage;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Some consecutive layers, and the optimizer's state of these alone. No worker ever holds more, nor the first one in a save. */
final class StageHolding implements Holding {
    private final World world;
    private final TrainConfig config;
    private final Model model;
    private final FlatOrder whole;
    private final Share share;
    /** The rank of the worker that has a parameter or buffer. */
    private final Map<String, Integer> holders = new HashMap<>();

    private StageHolding(
            TrainerBuilder.Setup setup, List<Stage> stages, FlatOrder whole, Model model, StartingWeights start) {
        world = setup.world();
        config = setup.config();
        this.model = model;
        this.whole = whole;
        for (int rank = 0; rank < stages.size(); rank++) {
            int holder = rank;
            order(stages.get(rank), start).names().forEach(name -> holders.put(name, holder));
        }
        Set<String> own = order(stages.get(world.rank()), start).names();
        share = new Share(part(whole.trainable(), own), part(whole.buffers(), own));
        model.store().prepareTraining(config.precision() == TrainConfig.Precision.BF16);
    }

    static StageHolding build(TrainerBuilder.Setup setup, TrainingData data, StartingWeights start) {
        if (!(setup.model() instanceof Sequential layers)) {
            throw new InputException(
                    "distributed.strategy: pipeline divides the layers of a sequential model, received "
                            + setup.model().getClass().getSimpleName() + "; use data_parallel or zero1");
        }
        if (setup.config().distributed().syncBatchNorm()) {
            throw new InputException(
                    "distributed.sync_batch_norm: expected false with strategy: pipeline, in which batch"
                            + " normalisation takes each micro-batch, received true; leave it out, or use data_parallel");
        }
        Specs input = Field.specs(data.inputs());
        FlatOrder whole = FlatOrder.of(layers, input, start.groups());
        if (!whole.tied().isEmpty()) {
            String name = whole.tied().keySet().iterator().next();
            throw new InputException("distributed.strategy: pipeline expects parameters of one stage each, received "
                    + name + ", which is tied to " + whole.tied().get(name) + "; use data_parallel or zero1");
        }
        List<Stage> stages = Stage.split(layers, input, setup.world().size());
        for (int rank = 0; rank < stages.size(); rank++) {
            Stage stage = stages.get(rank);
            if (order(stage, start).trainable().isEmpty()) {
                throw new InputException(
                        "distributed.strategy: expected layers with parameters to train on every worker of a"
                                + " pipeline, received none in layers " + stage.from() + " to " + (stage.to() - 1)
                                + " of rank "
                                + rank + "; start fewer workers");
            }
        }
        Stage mine = stages.get(setup.world().rank());
        boolean last = setup.world().rank() == stages.size() - 1;
        Recomputation recomputed = last ? new Recomputation() : Recomputation.ofPart();
        Model model = Model.buildPart(
                mine,
                mine.input(),
                start.first().ofPart(order(mine, start)),
                start.groups(),
                setup.device(),
                setup.config().recompute() ? recomputed : null);
        try {
            return new StageHolding(setup, stages, whole, model, start);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static FlatOrder order(Stage stage, StartingWeights start) {
        return FlatOrder.of(stage, stage.input(), start.groups());
    }

    private static Share.Ranges part(List<Parameter> all, Set<String> own) {
        return new Share.Ranges(FlatOrder.ranges(all, own), FlatOrder.count(all));
    }

    @Override
    public Model model() {
        return model;
    }

    @Override
    public FlatSlice slice() {
        return model.store();
    }

    @Override
    public Share share() {
        return share;
    }

    @Override
    public boolean dividesState() {
        return true;
    }

    @Override
    public boolean dividesModel() {
        return true;
    }

    @Override
    public double sum(double number) {
        try (Scope scope = Scope.open()) {
            return new Agreement(world, model.device()).sum(number).await()[0];
        }
    }

    /** Each tensor goes from the worker that has it to the first one when its turn to be written comes. */
    @Override
    public List<Safetensors.Source> weights() {
        Map<String, Safetensors.Source> own = new HashMap<>();
        model.store().toFile(at -> at.of(model.store().values())).forEach(source -> own.put(source.name(), source));
        List<Safetensors.Source> all = new ArrayList<>();
        whole.all().forEach(p -> all.add(new Safetensors.Source(p.name(), p.fileType(), p.shape(), source(p, own))));
        return all;
    }

    private Supplier<Tensor> source(Parameter parameter, Map<String, Safetensors.Source> own) {
        int holder = Objects.requireNonNull(holders.get(parameter.name()));
        Safetensors.Source here = own.get(parameter.name());
        if (here != null) {
            return world.isFirst() ? here.values() : () -> send(here.values().get());
        }
        return world.isFirst()
                ? () -> receive(parameter.shape(), holder).to(parameter.fileType())
                : () -> Tensor.zeros(Shape.of(0));
    }

    private Tensor send(Tensor tensor) {
        world.send(tensor.to(DType.FLOAT32).to(model.device()), 0, 0).await();
        return tensor;
    }

    private Tensor receive(Shape shape, int from) {
        Tensor tensor = Tensor.zeros(shape).to(model.device());
        world.receive(tensor, from, 0).await();
        return tensor.to(Device.CPU);
    }

    @Override
    public void load(SafetensorsFile weights, Set<String> kept) {
        model.store().fromFileOfMore(weights, kept);
    }

    @Override
    public BatchPass pass() {
        return new PipelinePass(world, model, config);
    }

    @Override
    public void close() {
        model.close();
    }
}
