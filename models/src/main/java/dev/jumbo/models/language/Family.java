package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Field;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.weights.NameMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An architecture of Hugging Face's: between {@code config.json}, tensors under their public names, and a description here. */
public interface Family {
    /** The value of {@code model_type}. */
    String modelType();

    /** The values of {@code architectures} that are read; the first is written. */
    List<String> architectures();

    /**
     * The model of a {@code config.json}.
     *
     * @throws dev.jumbo.error.InputException naming the key and the line, where one is unknown or has a value that cannot be computed
     */
    LanguageModel read(ConfigJson config);

    /**
     * The model that a description is; empty where it is none of this family.
     *
     * @param layer of a checkpoint
     * @param inputs of the network, which say how long a sequence may be
     */
    Optional<LanguageModel> recognise(Layer layer, List<Field> inputs);

    /** The keys of {@code config.json} of a model of this family, without {@code model_type} and {@code architectures}. */
    ObjectNode write(LanguageModel model);

    /** From public names, shapes and order to those of {@link LanguageModel#layer}; a rule that fits no tensor is passed over. */
    NameMap toOwn();

    /** The other way. */
    NameMap toPublic();

    /** As {@link #read(ConfigJson)}, where the names of the tensors say what the file does not. */
    default LanguageModel read(ConfigJson config, Set<String> tensors) {
        return read(config);
    }

    /** The value of {@code architectures} that is written for a model. */
    default String architecture(LanguageModel model) {
        return architectures().get(0);
    }

    /** Whether a model that a file names so is one like this; the name stays then where it is written again. */
    default boolean fits(String architecture, LanguageModel model) {
        return architectures().contains(architecture);
    }

    /**
     * As {@link #toOwn()}, for a model that may have another head than the file's.
     *
     * @param wanted names of its parameters
     */
    default NameMap toOwn(Set<String> wanted) {
        return toOwn();
    }

    /** The head that a tensor of {@link #toOwn} belongs to; a model of another task does not have it. Empty of the body's. */
    default Optional<String> head(String tensor) {
        return Optional.empty();
    }

    /** As {@link #toOwn()}, where it depends on what the model is used for. */
    default NameMap toOwn(LanguageModel model) {
        return toOwn();
    }
}
