package dev.jumbo.models.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.models.NamedModel;
import dev.jumbo.nn.Layer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The model that {@code config.json} of a Hugging Face directory describes, perhaps for another task. Values are drawn; {@code train.init_from: DIR}
 * takes those of the directory, and draws the head alone where it has none of the task.
 *
 * @param path the directory
 * @param task of an encoder; the directory's own if null
 * @param numLabels classes of an encoder's task; the directory's own if null
 */
@Kind("from_config")
@Doc(
        "The model that config.json of a Hugging Face directory describes; its values are drawn, or taken by train.init_from.")
public record FromConfig(
        @Doc("The directory.") Path path,

        @Doc("What an encoder is used for, which says its head; what the directory says if null.")
        @Default("null")
        @Nullable
        EncoderTask task,

        @Doc("Number of classes; that of the directory if null.") @Default("null") @Nullable
        Integer numLabels)
        implements NamedModel {
    @Override
    public Layer layer() {
        return resolved().layer();
    }

    /** The record that says the same without the directory. @throws InputException if it is none, or no encoder with a task */
    @Override
    public NamedModel resolved() {
        LanguageModel model = HuggingFace.model(path);
        if (task == null && numLabels == null) {
            return SentenceModules.used(model, path).named();
        }
        return EncoderFamily.forTask(model, task, numLabels)
                .orElseThrow(() -> new InputException(
                        "from_config: expected no task or num_labels for a model that is no encoder (bert,"
                                + " roberta), received " + task + " and " + numLabels + " for " + path));
    }
}
