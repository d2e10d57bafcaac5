package dev.jumbo.models.imports;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.models.language.ConfigJson;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.models.language.HuggingFaceModel;
import dev.jumbo.models.language.LanguageModel;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.TensorSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A language model of another program that was read: nothing of its weights yet.
 *
 * @param format for people, such as {@code GGUF 3 (llama)}
 * @param model what it is
 * @param weights under the names of {@link LanguageModel#layer}, in its shapes
 * @param tokenizer what writes its files, or null where there is none, or it is among the files
 * @param files that go along byte for byte, by their names
 */
public record ImportedModel(
        String format,
        LanguageModel model,
        TensorSource weights,
        @Nullable ImportedTokenizer tokenizer,
        Map<String, Path> files) {
    /** Of a Hugging Face directory. */
    public static ImportedModel of(HuggingFaceModel read) {
        return new ImportedModel("Hugging Face directory", read.model(), read.weights(), null, read.files());
    }

    /**
     * What the network was trained to give, with the names of classes that {@code config.json} says.
     *
     * @throws InputException if its outputs are numbers or several labels at once, not classes of which one is right
     */
    public List<Field> targets() {
        List<Field> targets = model.targets();
        Path config = files.get("config.json");
        if (config == null || targets.size() != 1 || targets.get(0).classes().isEmpty()) {
            return targets;
        }
        List<String> labels = HuggingFace.labels(config);
        requireOneOfSeveral(config, labels.size());
        Field own = targets.get(0);
        return labels.size() == own.classes().size()
                ? List.of(new Field(own.name(), own.spec(), new Meaning.ClassId(labels)))
                : targets;
    }

    /** A softmax over one output is 1 whatever it is, and over several labels at once it is not their probability. */
    private static void requireOneOfSeveral(Path config, int labels) {
        String problem = ConfigJson.read(config).get("problem_type").asText("");
        boolean classes = Set.of("", "null", "single_label_classification").contains(problem);
        if (!classes || labels == 1) {
            throw new InputException(
                    config + ": expected a problem_type of single_label_classification and two labels or"
                            + " more in id2label, as answers are probabilities of classes of which one is right, received "
                            + (classes ? "one label, whose output is a number" : problem)
                            + "; take its vectors (model: {name: {from_config: {path: ..., task: token_embeddings}}})");
        }
    }

    /**
     * Holds every tensor against the description; reads no value.
     *
     * @throws dev.jumbo.error.InputException listing all that are missing, not of the model, or of another shape
     */
    public LoadReport check() {
        return new HuggingFaceModel(model, weights, files).check();
    }
}
