package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.cli.stages.StagesFile;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Overrides;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.data.Field;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.InputException;
import dev.jumbo.models.ModelConfig;
import dev.jumbo.models.Models;
import dev.jumbo.models.NamedModel;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.tensor.DType;
import dev.jumbo.train.KeptPreprocessing;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.plan.PlanConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One YAML file: a section for each stage, owned by the room of that stage. */
@Doc("A run of Jumbo: prepare, train, evaluate, serve.")
record RunConfig(
        @Doc("What is learned from, and what is done to it.")
        DataConfig data,

        @Doc("What is trained: one model.") @Default("null") @Nullable
        ModelConfig model,

        @Doc("How it is trained.") @Default("{}") TrainConfig train,
        @Doc("How the result is measured.") @Default("{}") EvaluateConfig evaluate,
        @Doc("How the result is served.") @Default("{}") ServerConfig serve,
        @Doc("What a plan assumes.") @Default("{}") PlanConfig plan,

        @Doc("Several models by name, which an objective or phases train together; instead of model.") @Default("{}")
        Map<String, ModelOfSeveral> models,

        @Doc("The name of the one of models that evaluate, predict and serve ask; by default the first.")
        @Default("null")
        @Nullable
        String answers) {
    /** Examples that the plan of an imported model assumes: an epoch of 1,000. */
    private static final int PLANNED = 1000;

    private static final Records RECORDS = Kinds.records().with(NamedModel.class, Models.kinds());

    /** @throws InputException unless there is one model, or several */
    RunConfig {
        models = new LinkedHashMap<>(models);
        evaluate.requireFits(data.dataset());
        ModelOfSeveral.layer(model, models, answers);
        if (answers == null && !models.isEmpty()) {
            answers = models.keySet().iterator().next();
        }
    }

    /** The description of what is trained. */
    Layer layer() {
        return ModelOfSeveral.layer(model, models, answers);
    }

    /** @param settings {@code key=value}, over what the file says */
    static RunConfig read(Path file, List<String> settings) {
        ConfigDocument document = single(document(file, settings));
        requireAnswers(file, document.tree());
        InputPlaces.require(file, document.tree());
        return RECORDS.read(RunConfig.class, document);
    }

    /**
     * The {@code run.yaml} of an earlier version has the models in the order of their names, and no name of the one that answers.
     *
     * @throws InputException where the first of them may not be the one that was the first
     */
    private static void requireAnswers(Path file, JsonNode tree) {
        List<String> models = new ArrayList<>();
        tree.path("models").fieldNames().forEachRemaining(models::add);
        boolean written = tree.has("answers") && tree.get("answers").isNull();
        if (written
                && models.size() > 1
                && models.equals(models.stream().sorted().toList())) {
            throw new InputException(file + ": answers: expected the name of the one of the models " + models
                    + " that answers, received null: an earlier version wrote such a file with the models in the order of"
                    + " their names, which does not say which was the first; write answers: NAME");
        }
    }

    /**
     * As {@link #read}, of the {@code run.yaml} of a run. One that an earlier version wrote has no key {@code
     * train.split}: it held out the last examples, and trained on the raw pixels of folders. Without
     * {@code leave_out_keys} it took the numbers of rows for inputs.
     */
    static RunConfig readRun(Path file, List<String> settings) {
        ConfigDocument document = YamlFile.read(file);
        if (!document.tree().path("train").has("split")) {
            document = Overrides.set(document, "train.split=last");
            JsonNode data = document.tree().path("data");
            if (data.path("dataset").has("image_folder") && !data.hasNonNull("normalization")) {
                document = Overrides.set(document, "data.normalization=none");
            }
        }
        JsonNode table = document.tree().at("/data/dataset/table");
        if (table.isObject() && !table.has("leave_out_keys")) {
            document = Overrides.set(document, "data.dataset.table.leave_out_keys=false");
        }
        return RECORDS.read(RunConfig.class, overridden(document, settings));
    }

    /** As {@link #read}, of what a file will hold. @throws InputException if it is none */
    static void check(ConfigDocument document) {
        RECORDS.read(RunConfig.class, document);
    }

    /** With another section {@code data}. */
    RunConfig with(DataConfig other) {
        return new RunConfig(other, model, train, evaluate, serve, plan, models, answers);
    }

    /** With another section {@code train}. */
    RunConfig with(TrainConfig other) {
        return new RunConfig(data, model, other, evaluate, serve, plan, models, answers);
    }

    /** Reads the examples, as the checkpoint takes them whose preprocessing is kept. @param run the directory of the run */
    DataParts load(Path run) {
        DataConfig read = KeptPreprocessing.of(train, run)
                .map(kept -> data.with(data.dataset().keeping(kept.model().ofData())))
                .orElse(data);
        return read.load(run);
    }

    /** As {@link #read}, of a file that may have no data. */
    static PlanFile readPlan(Path file, List<String> settings) {
        return RECORDS.read(PlanFile.class, single(document(file, settings)));
    }

    /** The data of a file, which may have nothing else. */
    static DataConfig readData(Path file, List<String> settings) {
        ConfigDocument document = single(document(file, settings));
        boolean alone = document.tree().size() == 1 && document.tree().has("data");
        return alone
                ? RECORDS.read(PrepareConfig.class, document).data()
                : RECORDS.read(RunConfig.class, document).data();
    }

    private static ConfigDocument single(ConfigDocument document) {
        if (StagesFile.accepts(document)) {
            throw new InputException(
                    document.name() + ": expected a single run, received stages: jumbo run " + document.name()
                            + " does them, and what it gave each of them is then in a file of its own (NAME.yaml beside its directory)");
        }
        return document;
    }

    /** A file with values over it, before it is understood. */
    static ConfigDocument document(Path file, List<String> settings) {
        return overridden(YamlFile.read(file), settings);
    }

    private static ConfigDocument overridden(ConfigDocument read, List<String> settings) {
        ConfigDocument document = read;
        for (String setting : settings) {
            document = Overrides.set(document, setting);
        }
        return document;
    }

    /** As {@link #read}, of a text. */
    static RunConfig parse(String name, String yaml) {
        return RECORDS.read(RunConfig.class, YamlFile.parse(name, yaml));
    }

    /** Of a model that was not trained here, without data; a plan assumes its longest sequences. */
    static RunConfig imported(LanguageModel model) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.putObject("data").put("dataset", "none");
        tree.putObject("model").set("name", RECORDS.write(NamedModel.class, model.named()));
        tree.putObject("train").set("loss", RECORDS.write(Loss.class, model.loss()));
        ObjectNode plan = tree.putObject("plan").put("examples", PLANNED);
        describe(model.inputs(), plan.putArray("inputs"));
        describe(model.targets(), plan.putArray("targets"));
        return RECORDS.read(RunConfig.class, "run.yaml", tree);
    }

    private static void describe(List<Field> fields, ArrayNode into) {
        for (Field field : fields) {
            ObjectNode one = into.addObject().put("ids", field.dtype() == DType.INT64);
            ArrayNode shape = one.putArray("shape");
            for (long size : field.shape().toArray()) {
                shape.add(size);
            }
        }
    }

    JsonNode tree() {
        return RECORDS.write(RunConfig.class, this);
    }

    /** With every default written out. */
    String yaml() {
        return YamlText.yaml(tree());
    }

    static ObjectNode schema() {
        return RECORDS.schema("Jumbo run", RunConfig.class);
    }
}
