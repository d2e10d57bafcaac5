package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.files.NamedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code modules.json} of sentence-transformers (Reimers, Gurevych, 2019), which says how the vectors of tokens become one. */
final class SentenceModules {
    private static final Logger LOG = LoggerFactory.getLogger(SentenceModules.class);
    private static final String FILE = "modules.json";
    private static final String MODE = "pooling_mode";
    private static final String MEAN = "mean_tokens";
    private static final String OTHERWISE = "; take " + FILE + " away for the vectors of tokens";

    private SentenceModules() {}

    /**
     * The model of a directory as its modules use it: unchanged where there are none. Vectors are not brought to a length of 1 where they say so, of
     * which the log tells.
     *
     * @throws InputException if they are no transformer and the mean of its vectors, or the model is no encoder
     */
    static LanguageModel used(LanguageModel model, Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return model;
        }
        List<String> types = new ArrayList<>();
        JsonNode modules = YamlFile.read(file).tree();
        for (JsonNode module : modules) {
            String type = module.path("type").asText();
            types.add(type.substring(type.lastIndexOf('.') + 1));
            if (types.size() == 2) {
                Path pooling = NamedFiles.at(directory, module.path("path").asText(), file + ": path");
                requireMean(pooling.resolve(HuggingFace.CONFIG));
            }
        }
        boolean unit = types.equals(List.of("Transformer", "Pooling", "Normalize"));
        if (!unit && !types.equals(List.of("Transformer", "Pooling"))) {
            throw new InputException(file + ": expected the modules Transformer and Pooling, and perhaps Normalize,"
                    + " received " + Shown.begin(types) + OTHERWISE);
        }
        if (unit) {
            LOG.warn(
                    "{}: vectors of texts are not brought to a length of 1, as Normalize says: cosines between them are"
                            + " the same, for their products divide each by the root of the sum of its squares",
                    file);
        }
        return EncoderFamily.forTask(model, EncoderTask.SENTENCE_EMBEDDINGS, null)
                .orElseThrow(() -> new InputException(file + ": expected an encoder (bert, roberta) before the mean,"
                        + " received another model" + OTHERWISE));
    }

    private static void requireMean(Path file) {
        JsonNode config = YamlFile.read(file).tree();
        List<String> modes = new ArrayList<>();
        config.fields().forEachRemaining(entry -> {
            String key = entry.getKey();
            if (key.equals(MODE)) {
                modes.add(entry.getValue().asText() + "_tokens");
            } else if (key.startsWith(MODE) && entry.getValue().asBoolean()) {
                modes.add(key.substring(MODE.length() + 1));
            }
        });
        // The mean is what the library takes of a file that does not say.
        if (!modes.isEmpty() && !modes.equals(List.of(MEAN))) {
            throw new InputException(file + ": expected the mean of tokens (" + MODE + "_" + MEAN + "), received "
                    + Shown.begin(modes) + OTHERWISE);
        }
    }
}
