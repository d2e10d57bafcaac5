package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Supervised;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code model.json} holds: all that is needed to rebuild the model, to prepare its inputs and to read its outputs. */
@Doc("A model, described.")
public record ModelFile(
        @Doc("Version of this format: 1.") int format,

        @Doc("Inputs as callers give them, before preprocessing.")
        List<Field> rawInputs,

        @Doc("Inputs as the network takes them.") List<Field> inputs,

        @Doc("What the network was trained to give, with the names of classes.")
        List<Field> targets,

        @Doc("What is done to raw inputs.") Preprocessing preprocessing,
        @Doc("The loss, which says what outputs mean.") Loss loss,
        @Doc("The layers.") Layer model,

        @Doc("What training made small, where that is not the loss of one output.") @Default("null") @Nullable
        Objective objective,

        @Doc("What it made small in phases.") @Default("[]") List<Phase> phases,

        @Doc("What is done to the data's inputs, where the model that answers takes others.") @Default("null") @Nullable
        Preprocessing dataPreprocessing,

        @Doc("What is made of raw inputs before preprocessing, by their name.") @Default("{}")
        Map<String, Transform> transforms,

        @Doc("What the data's examples were made by before, by name, such as the tokenizer of packed texts.")
        @Default("{}")
        Map<String, Transform> madeBy,

        @Doc("Files that go with the model byte for byte, such as a tokenizer's, by the names that they had.")
        @Default("{}")
        Map<String, Path> files,

        @Doc("The weights that an adapter was trained beside; the checkpoint has what was trained alone.")
        @Default("null")
        @Nullable
        BaseWeights base,

        @Doc("The weights of the model that an objective compares with, where adapters cannot be left out instead.")
        @Default("null")
        @Nullable
        BaseWeights reference) {
    /** The only version so far. */
    public static final int FORMAT = 1;

    public ModelFile {
        rawInputs = List.copyOf(rawInputs);
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        phases = List.copyOf(phases);
        transforms = Collections.unmodifiableMap(new LinkedHashMap<>(transforms));
        madeBy = Collections.unmodifiableMap(new LinkedHashMap<>(madeBy));
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** Without files that go with it. */
    public ModelFile(
            int format,
            List<Field> rawInputs,
            List<Field> inputs,
            List<Field> targets,
            Preprocessing preprocessing,
            Loss loss,
            Layer model,
            @Nullable Objective objective,
            List<Phase> phases,
            @Nullable Preprocessing dataPreprocessing,
            Map<String, Transform> transforms,
            Map<String, Transform> madeBy) {
        this(
                format,
                rawInputs,
                inputs,
                targets,
                preprocessing,
                loss,
                model,
                objective,
                phases,
                dataPreprocessing,
                transforms,
                madeBy,
                Map.of(),
                null,
                null);
    }

    /** Of a model that learned by a loss. */
    public ModelFile(
            int format,
            List<Field> rawInputs,
            List<Field> inputs,
            List<Field> targets,
            Preprocessing preprocessing,
            Loss loss,
            Layer model) {
        this(
                format,
                rawInputs,
                inputs,
                targets,
                preprocessing,
                loss,
                model,
                null,
                List.of(),
                null,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null);
    }

    /** Whether it was trained by more than the loss of its outputs. */
    public boolean hasObjective() {
        return objective != null || !phases.isEmpty();
    }

    /** What training made small. @param given targets of the data */
    public Phases phases(List<Field> given) {
        if (!phases.isEmpty()) {
            return new Phases(
                    phases.stream()
                            .map(phase -> new Phase(
                                    phase.name(),
                                    phase.trains(),
                                    ordered(phase.objective(), given),
                                    phase.optimizer(),
                                    phase.every()))
                            .toList(),
                    true);
        }
        return Phases.of(objective == null ? Supervised.of(loss, given) : ordered(objective, given));
    }

    /** A file does not keep the order of names. */
    private static Objective ordered(Objective objective, List<Field> given) {
        return objective instanceof Supervised supervised ? supervised.inOrder(given) : objective;
    }

    /** What is done to the data's inputs before an objective sees them. */
    public Preprocessing ofData() {
        return dataPreprocessing == null ? preprocessing : dataPreprocessing;
    }

    /** The loss that says what an output means. */
    public Loss lossOf(int output) {
        return hasObjective() ? phases(targets).first().answer(output) : loss;
    }

    /** The transforms of the inputs of the model that answers: of several models, its inputs may be others than the data's. */
    public Map<String, Transform> answeringTransforms() {
        Map<String, Transform> own = new LinkedHashMap<>(transforms);
        List<String> names = rawInputs.stream().map(Field::name).toList();
        own.entrySet().removeIf(each -> !names.containsAll(each.getValue().reads(each.getKey())));
        return own;
    }

    /** @throws InputException if other inputs than the network's are given */
    public void requireInputs(List<Field> all) {
        List<Field> given = all.stream().filter(field -> !field.isPlace()).toList();
        boolean fits = given.size() == inputs.size();
        for (int i = 0; fits && i < inputs.size(); i++) {
            fits = inputs.get(i).allows(given.get(i));
        }
        if (!fits) {
            throw new InputException("the model takes inputs of the shapes " + inputShapes() + ", received "
                    + given.stream().map(Field::shape).toList());
        }
    }

    /** One example of each input of the network, under their names. */
    public Specs specs() {
        return Field.specs(inputs);
    }

    /** Shapes of one example of each input of the network. */
    public List<Shape> inputShapes() {
        return inputs.stream().map(Field::shape).toList();
    }

    /** What the model makes of one example. */
    public Specs outputs() {
        return Model.outputs(model, Field.specs(inputs));
    }
}
