package dev.jumbo.train.adapt;

import dev.jumbo.config.Components;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.adapt.Adapter;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.adapt.PeftAdapter;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.weights.NamePattern;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.BaseWeights;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.CheckpointWriter;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs with adapters and what becomes of them. */
public final class AdapterRuns {
    private AdapterRuns() {}

    /**
     * Merges an adapter with its base: each matrix {@code W} becomes {@code W + s B A}, see {@link LowRank#merged}, computed in double
     * precision and rounded to fp32; a base in 8 or 4 bits as its passes computed with it.
     *
     * @param out directory of the new run, with one checkpoint that answers and that {@code init_from} takes
     * @return that checkpoint
     * @throws InputException if the checkpoint has no adapter, or the directory holds a run
     * @throws FailureException if the base is not there or changed
     */
    public static Checkpoint merge(Checkpoint adapted, Path out) {
        ModelFile file = adapted.description();
        if (file.base() == null) {
            throw new InputException(
                    "expected a run with an adapter, received " + adapted.directory() + ", which has all of its model");
        }
        Specs in = file.specs();
        Changes changes = Changes.of(file.model(), in);
        Layer plain = changes.none();
        TensorSource source = adapted.source();
        List<Safetensors.Source> merged = new ArrayList<>();
        FlatOrder order = FlatOrder.of(plain, in);
        Map<String, String> paths = new HashMap<>();
        changes.changed().forEach((path, matrix) -> paths.put(matrix.weight(), path));
        order.all()
                .forEach(p -> merged.add(new Safetensors.Source(
                        p.name(), DType.FLOAT32, p.shape(), () -> value(source, changes, p, paths.get(p.name())))));
        ModelFile without =
                Components.of(file).with("model", plain).with("base", null).record();
        return write(out, adapted, without, merged);
    }

    private static Tensor value(TensorSource source, Changes changes, Parameter p, @Nullable String path) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor value = read(source, p.name());
            if (path == null) {
                return scope.keep(value.contiguous());
            }
            LowRank change = Objects.requireNonNull(
                    Objects.requireNonNull(changes.matrices().get(path)).change());
            return scope.keep(change.merged(
                    value,
                    read(source, path + "." + LowRank.A + ".weight"),
                    read(source, path + "." + LowRank.B + ".weight"),
                    change.useDora() ? read(source, path + "." + LowRank.MAGNITUDE) : null));
        }
    }

    private static Tensor read(TensorSource source, String name) {
        return source.tensor(name).read().get().to(DType.FLOAT32);
    }

    /**
     * Makes a run of a base and an adapter of PEFT's: as if the adapter had been trained here.
     *
     * @param base a checkpoint without an adapter
     * @param peft directory with {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @param out directory of the new run, with one checkpoint that answers
     * @throws InputException if the adapter does not fit the base, naming all that does not
     */
    public static Checkpoint attach(Checkpoint base, Path peft, Path out) {
        ModelFile file = base.description();
        if (file.base() != null) {
            throw new InputException("expected a base without an adapter, received " + base.directory()
                    + ", which has one; merge it first (jumbo merge)");
        }
        PeftAdapter adapter = PeftAdapter.read(peft, file.model(), file.specs());
        ParameterGroups groups = new ParameterGroups(adapter.lora().groups());
        BaseWeights from = BaseWeights.of(base.source(), out, List.of(), groups, adapter.lora());
        List<Safetensors.Source> own = new ArrayList<>();
        adapter.tensors()
                .finite()
                .tensors()
                .forEach((name, stored) -> own.add(new Safetensors.Source(
                        name,
                        DType.FLOAT32,
                        stored.shape(),
                        () -> stored.read().get().to(DType.FLOAT32))));
        ModelFile with = Components.of(file)
                .with("model", adapter.model())
                .with("base", from)
                .record();
        return write(out, base, with, own);
    }

    /** The model of a checkpoint without the adapter that it may have. */
    public static Layer plain(Checkpoint adapted) {
        ModelFile file = adapted.description();
        return Changes.of(file.model(), file.specs()).none();
    }

    /** As {@link #savePeft(Checkpoint, Path, String, String)}, without the name of a task. */
    public static void savePeft(Checkpoint adapted, Path directory, @Nullable String base) {
        savePeft(adapted, directory, base, null);
    }

    /**
     * Saves the adapter of a checkpoint as PEFT does.
     *
     * @param directory that is not there yet
     * @param base name or path of the base's model, as transformers finds it; null to leave it out
     * @param task PEFT's name of what the model does, such as CAUSAL_LM; null where it has none
     * @throws InputException if the checkpoint has no adapter, or PEFT has no form for it
     */
    public static void savePeft(Checkpoint adapted, Path directory, @Nullable String base, @Nullable String task) {
        ModelFile file = adapted.description();
        if (file.base() == null || !(file.base().adapter() instanceof Lora lora)) {
            throw new InputException(
                    "expected a run with an adapter, received " + adapted.directory() + ", which has all of its model");
        }
        List<String> buffers = FlatOrder.of(file.model(), file.specs()).buffers().stream()
                .map(Parameter::name)
                .toList();
        TensorSource own = adapted.own().only(name -> !buffers.contains(name) || isSaved(lora, name));
        new PeftAdapter(lora, file.model(), own).write(directory, file.specs(), base, task);
    }

    private static boolean isSaved(Adapter adapter, String buffer) {
        return !NamePattern.of(adapter.kept()).matches(buffer);
    }

    /** A run with one checkpoint that answers. */
    private static Checkpoint write(Path out, Checkpoint of, ModelFile model, List<Safetensors.Source> weights) {
        if (new RunDirectory(out).hasCheckpoint()) {
            throw new InputException("expected a directory without a run, found one at " + out);
        }
        Path temporary = Durable.temporary(out);
        try {
            Files.createDirectories(Durable.parent(out));
            new CheckpointWriter(temporary, 1)
                    .write(
                            new CheckpointWriter.Contents(
                                    model,
                                    of.trainer(),
                                    weights,
                                    Map.of(),
                                    null,
                                    of.manifest().dataFingerprint(),
                                    of.manifest().seed(),
                                    of.manifest().origin(),
                                    of.golden()),
                            true);
            new RunDirectory(out).receive(Checkpoint.best(temporary));
            return Checkpoint.best(out);
        } catch (IOException e) {
            throw new FailureException("cannot write the run " + out + ": " + e, e);
        } finally {
            try {
                Durable.deleteDirectory(temporary);
            } catch (IOException e) {
                temporary.toFile().deleteOnExit(); // What is left is no run's directory.
            }
        }
    }
}
