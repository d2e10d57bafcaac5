package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A {@code config.json}, with the line of every key. */
public final class ConfigJson {
    /** Keys that are no option of a computation: what made the file, how it is run, ids of special tokens, old settings of generation. */
    private static final Set<String> HARMLESS = Set.of(
            "architectures",
            "model_type",
            "transformers_version",
            "torch_dtype",
            "dtype",
            "use_cache",
            "bos_token_id",
            "eos_token_id",
            "pad_token_id",
            "sep_token_id",
            "cls_token_id",
            "mask_token_id",
            "unk_token_id",
            "decoder_start_token_id",
            "initializer_range",
            "initializer_factor",
            "output_attentions",
            "output_hidden_states",
            "output_past",
            "return_dict",
            "return_dict_in_generate",
            "output_scores",
            "torchscript",
            "id2label",
            "label2id",
            "num_labels",
            "problem_type",
            "task_specific_params",
            "finetuning_task",
            "tokenizer_class",
            "prefix",
            "gradient_checkpointing",
            "chunk_size_feed_forward",
            "is_decoder",
            "is_llama_config",
            "pretraining_tp",
            "max_length",
            "min_length",
            "do_sample",
            "early_stopping",
            "num_beams",
            "num_beam_groups",
            "diversity_penalty",
            "temperature",
            "top_k",
            "top_p",
            "typical_p",
            "repetition_penalty",
            "length_penalty",
            "no_repeat_ngram_size",
            "encoder_no_repeat_ngram_size",
            "bad_words_ids",
            "num_return_sequences",
            "forced_bos_token_id",
            "forced_eos_token_id",
            "remove_invalid_values",
            "exponential_decay_length_penalty",
            "suppress_tokens",
            "begin_suppress_tokens",
            "use_return_dict",
            "auto_map",
            "unsloth_fixed",
            "unsloth_version",
            "transformers.js_config");

    private final ConfigDocument document;

    private ConfigJson(ConfigDocument document) {
        this.document = document;
    }

    /** @throws InputException if there is no such file, or no JSON object in it */
    public static ConfigJson read(Path file) {
        return of(YamlFile.read(file));
    }

    /** A tree that a program made. @param name that errors begin with */
    public static ConfigJson of(String name, ObjectNode tree) {
        return of(ConfigDocument.of(name, tree));
    }

    private static ConfigJson of(ConfigDocument document) {
        if (!document.tree().isObject()) {
            throw new InputException(document.name() + ": expected a JSON object, received another value");
        }
        ConfigJson config = new ConfigJson(document);
        JsonNode quantized = config.get("quantization_config");
        if (!quantized.isMissingNode() && !quantized.isNull()) {
            throw new InputException(document.name() + ": expected weights as numbers, received a quantization_config ("
                    + quantized.path("quant_method").asText("unknown")
                    + "); take the directory that the quantized one was made of, or a GGUF file");
        }
        return config;
    }

    /** The file, for messages. */
    public String name() {
        return document.name();
    }

    /** Value of a key; a missing node where there is none. */
    public JsonNode get(String key) {
        return document.tree().path(key);
    }

    /** @throws InputException if it is missing */
    public String modelType() {
        if (!get("model_type").isTextual()) {
            throw new InputException(name() + ": expected the key \"model_type\" with a text, found none; it says which"
                    + " architecture the weights are of");
        }
        return get("model_type").textValue();
    }

    /** None where the file does not say. */
    public List<String> architectures() {
        List<String> all = new ArrayList<>();
        get("architectures").forEach(each -> all.add(each.asText()));
        return all;
    }

    /** A number, or another one where the key is missing or null. */
    public int integer(String key, int otherwise) {
        JsonNode value = get(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw refused(key, "a whole number");
        }
        return value.intValue();
    }

    /** Says that a value cannot be computed. */
    public InputException refused(String key, String expected) {
        return new InputException(
                name() + ": expected " + expected + " as \"" + key + "\", received " + Shown.begin(get(key)));
    }

    /**
     * Keys that change what is computed, for a record to be read from, with their lines: all but those that are known to change nothing,
     * those that begin with an underscore, and unknown ones that are null, false or empty.
     *
     * @param type of which components are known keys
     */
    public ObjectNode options(Class<? extends Record> type) {
        Set<String> known = Records.keys(type);
        ObjectNode kept = ((ObjectNode) document.tree()).deepCopy();
        List<String> dropped = new ArrayList<>();
        kept.fields().forEachRemaining(entry -> {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            boolean unset = value.isNull()
                    || (value.isBoolean() && !value.booleanValue())
                    || (value.isContainerNode() && value.isEmpty());
            if (!known.contains(key) && (HARMLESS.contains(key) || key.startsWith("_") || unset)) {
                dropped.add(key);
            }
        });
        kept.remove(dropped);
        return kept;
    }

    /** Copies all keys. */
    void copyInto(ObjectNode other) {
        other.setAll((ObjectNode) document.tree());
    }

    /** A changed tree of options with the lines of this file. */
    ConfigDocument with(ObjectNode options) {
        return new ConfigDocument(name(), options, document.origins());
    }
}
