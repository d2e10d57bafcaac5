package dev.jumbo.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.EachInput;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Transform;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.losses.ScaledTargets;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.checkpoint.TransformFiles;
import dev.jumbo.train.objective.OutputLoss;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Supervised;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the checkpoint that a training starts from had fitted (vocabularies, encodings, the scale of inputs and of targets), kept in place of
 * what this training's data would be fitted to: its weights have learned what these values mean.
 *
 * @param model of the checkpoint
 * @param where it was found
 */
public record KeptPreprocessing(ModelFile model, Path where) {
    /** What is done about preprocessing where a training starts from weights. */
    public enum Choice {
        /** It is fitted on the training split, as without weights. */
        FIT,
        /** The checkpoint's is kept. */
        KEEP
    }

    /**
     * What is to be kept, if that was asked for: of the run itself, where it goes on from a checkpoint, otherwise of {@code init_from}.
     *
     * @param run the directory of the training
     * @throws InputException if {@code init_from} is missing, or weights without a description
     */
    public static Optional<KeptPreprocessing> of(TrainConfig config, Path run) {
        if (config.initPreprocessing() == Choice.FIT) {
            return Optional.empty();
        }
        if (config.initFrom() == null) {
            throw new InputException("init_preprocessing: expected init_from beside keep, received none");
        }
        if (new RunDirectory(run).hasCheckpoint()) {
            return Optional.of(
                    new KeptPreprocessing(new RunDirectory(run).newestSound().description(), run));
        }
        Path from = Path.of(config.initFrom());
        boolean isRun = new RunDirectory(from).hasCheckpoint();
        if (!isRun && !Files.isRegularFile(from.resolve(Checkpoint.MANIFEST))) {
            throw new InputException(
                    "init_preprocessing: expected a run or a checkpoint as init_from, whose preprocessing can"
                            + " be kept; received " + from + ", which has weights alone");
        }
        Checkpoint checkpoint = isRun ? Checkpoint.best(from) : Checkpoint.openModel(from);
        return Optional.of(new KeptPreprocessing(checkpoint.description(), from));
    }

    /**
     * The training split through the checkpoint's transforms.
     *
     * @throws InputException if the data asks for other ones
     */
    Dataset transformed(Dataset raw) {
        Map<String, Transform> asked = raw.transforms();
        Map<String, Transform> kept = new LinkedHashMap<>(model.transforms());
        kept.replaceAll((name, own) -> own.forRowsOf(asked.getOrDefault(name, own)));
        List<String> wrong = new ArrayList<>();
        asked.forEach((name, transform) -> {
            Transform own = kept.get(name);
            if (own == null || !own.getClass().equals(transform.getClass())) {
                wrong.add(name + ": " + kind(transform) + " instead of " + (own == null ? "none" : kind(own)));
            } else if (own.files().isEmpty()) {
                wrong.addAll(differences(name, transform, own));
            }
        });
        kept.keySet().stream()
                .filter(name -> !asked.containsKey(name))
                .forEach(name -> wrong.add(name + ": none instead of " + kind(Objects.requireNonNull(kept.get(name)))));
        raw.madeBy().forEach((name, transform) -> {
            Transform own = model.madeBy().get(name);
            if (own != null && !contents(own).equals(contents(transform))) {
                wrong.add(name + ": made by another " + kind(transform) + ", or by other files of it");
            }
        });
        if (!wrong.isEmpty()) {
            throw refused("transforms as the checkpoint's", String.join("; ", wrong));
        }
        return asked.isEmpty() ? raw : Transformed.of(raw, kept);
    }

    /** @throws InputException if examples were made by another tokenizer or transform than those that a model learned from */
    static void requireSameMaking(ModelFile model, Dataset data) {
        data.madeBy().forEach((name, transform) -> {
            Transform own = model.madeBy().get(name);
            if (own != null && !contents(own).equals(contents(transform))) {
                throw new InputException(name + ": expected examples made by the " + kind(own)
                        + " of the checkpoint, received some made by another " + kind(transform)
                        + " or by other files of it; name the checkpoint's own files in the data");
            }
        });
    }

    /** The record with hashes in the place of files; how long texts may be is no matter. */
    private static Transform contents(Transform transform) {
        Transform made = transform instanceof TokenTexts.Source texts ? texts.ofAnyLength() : transform;
        return made.withFiles(made.files().stream()
                .map(file -> Path.of(TransformFiles.sha256(file)))
                .toList());
    }

    private static String kind(Transform transform) {
        return Kinds.records().write(Transform.class, transform).fieldNames().next();
    }

    /** Settings that the data sets and the checkpoint has otherwise; what is not set yet is what was learned. */
    private static List<String> differences(String name, Transform asked, Transform kept) {
        JsonNode left = Kinds.records().write(Transform.class, asked).elements().next();
        JsonNode right = Kinds.records().write(Transform.class, kept).elements().next();
        List<String> differences = new ArrayList<>();
        compare(name, left, right, differences);
        return differences;
    }

    private static void compare(String name, JsonNode asked, JsonNode kept, List<String> into) {
        boolean unset = asked.isNull() || asked.isContainerNode() && asked.isEmpty();
        if (asked.isObject() && kept.isObject()) {
            // A transform may hold another one, which has learned something of its own.
            asked.fields()
                    .forEachRemaining(each ->
                            compare(name + "." + each.getKey(), each.getValue(), kept.path(each.getKey()), into));
        } else if (!unset && !asked.equals(kept)) {
            into.add(name + ": " + asked + " instead of " + kept);
        }
    }

    /**
     * The checkpoint's preprocessing.
     *
     * @param fitted what this data would have
     * @param asked whether it was asked for, and is not what the dataset has by default
     * @throws InputException if the checkpoint's is of another kind, or does not fit the data
     */
    Preprocessing preprocessing(Preprocessing fitted, boolean asked, Dataset train) {
        Preprocessing kept = model.ofData();
        boolean tables = kept instanceof TableEncoding;
        if (tables != fitted instanceof TableEncoding || asked && scales(kept) != scales(fitted)) {
            throw refused(
                    "data whose preprocessing is of the checkpoint's kind, "
                            + kept.getClass().getSimpleName(),
                    fitted.getClass().getSimpleName());
        }
        if (kept instanceof TableEncoding own && fitted instanceof TableEncoding other) {
            if (!own.layout().inputs().equals(other.layout().inputs())) {
                throw refused(
                        "columns and categories as the checkpoint's, "
                                + own.layout().inputs(),
                        other.layout().inputs() + "; make the examples by TableDataset.of(table, layout) with the"
                                + " checkpoint's layout");
            }
            return new TableEncoding(
                    other.layout(),
                    other.missing(),
                    own.features(),
                    other.columns(),
                    other.format(),
                    other.clean(),
                    own.groups());
        }
        try {
            kept.outputs(train.inputs());
        } catch (InputException e) {
            throw new InputException("init_preprocessing: " + e.getMessage(), e);
        }
        return kept;
    }

    /** Of one input or of each: a checkpoint may know the first alone. */
    private static boolean scales(Preprocessing preprocessing) {
        return preprocessing instanceof Normalization || preprocessing instanceof EachInput;
    }

    /** @throws InputException if a target of the checkpoint's name has its classes in another order */
    void requireOrder(List<Field> targets) {
        for (Field target : targets) {
            for (Field own : model.targets()) {
                boolean same = own.name().equals(target.name())
                        && new HashSet<>(own.classes()).equals(new HashSet<>(target.classes()));
                if (same && !own.classes().equals(target.classes())) {
                    throw refused(
                            "the classes of " + own.name() + " in the checkpoint's order, " + own.classes(),
                            target.classes().toString());
                }
            }
        }
    }

    /** Whether the checkpoint has a target of this name, whose scale is then kept. */
    boolean scales(List<Field> targets) {
        return targets.stream().anyMatch(target -> output(target.name()) >= 0);
    }

    private int output(String target) {
        return model.targets().stream().map(Field::name).toList().indexOf(target);
    }

    /**
     * With the checkpoint's scale of the targets that it had.
     *
     * @param scaling what the settings say; with {@code NONE} nothing is scaled
     */
    Goal scaled(Goal goal, @Nullable TargetScaling scaling) {
        List<Phase> phases = new ArrayList<>();
        for (Phase phase : goal.phases().all()) {
            if (!(phase.objective() instanceof Supervised supervised) || scaling == TargetScaling.NONE) {
                phases.add(phase);
                continue;
            }
            Map<String, OutputLoss> losses = new LinkedHashMap<>();
            supervised
                    .losses()
                    .forEach((target, loss) ->
                            losses.put(target, new OutputLoss(scaled(target, loss.loss()), loss.weight())));
            phases.add(
                    new Phase(phase.name(), phase.trains(), new Supervised(losses), phase.optimizer(), phase.every()));
        }
        return new Goal(goal.config(), new Phases(phases, goal.phases().named()));
    }

    private Loss scaled(String target, Loss fitted) {
        int output = output(target);
        if (output < 0) {
            return fitted;
        }
        Loss plain = fitted instanceof ScaledTargets scaled ? scaled.loss() : fitted;
        return model.lossOf(output) instanceof ScaledTargets own
                ? new ScaledTargets(plain, own.mean(), own.deviation())
                : plain;
    }

    private InputException refused(String expected, String received) {
        return new InputException("init_preprocessing: expected " + expected + ", which are kept from " + where
                + ", received " + received + "; leave init_preprocessing out to fit it anew");
    }
}
