package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Records;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.encoder.AttentionBlock;
import dev.jumbo.nn.layers.encoder.TokenEmbeddings;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A family of BERT's form, whose task is said by {@code architectures}.
 *
 * @param modelType value of {@code model_type}, and what names of the body begin with
 * @param stem what values of {@code architectures} begin with
 * @param kind its record, whose components are the keys of {@code config.json}
 */
record EncoderFamily<M extends Record & EncoderModel>(String modelType, String stem, Class<M> kind) implements Family {
    private static final Records RECORDS = Records.of();
    private static final String TASK = "task";
    private static final String LABELS = "num_labels";

    /** Of files of some versions, which have the bias of logits under two names. The weight that is tied may be there too: it is held against the embedding. */
    private static final List<NameRule> RENAMED = List.of(
            NameRule.drop(".*embeddings\\.position_ids"),
            NameRule.drop("cls\\.seq_relationship\\..*"),
            NameRule.rename("(.*\\.LayerNorm)\\.gamma", "$1.weight"),
            NameRule.rename("(.*\\.LayerNorm)\\.beta", "$1.bias"),
            NameRule.drop("(?:cls\\.predictions|lm_head)\\.decoder\\.bias"),
            NameRule.rename("(cls\\.predictions|lm_head)\\.bias", "$1.decoder.bias"));

    private static final Pattern HEAD = Pattern.compile("(?:\\w+\\.)?(pooler|cls|lm_head|classifier)\\..*");

    /** Of the program that the first files were made with: the first step is pooled, which is all that the library can. */
    private static final List<String> HISTORIC = List.of(
            "directionality",
            "pooler_fc_size",
            "pooler_num_attention_heads",
            "pooler_num_fc_layers",
            "pooler_size_per_head",
            "pooler_type");

    /** The first is what a file is read as that does not say. */
    private static final Map<String, EncoderTask> TASKS = new LinkedHashMap<>();

    static {
        TASKS.put("ForMaskedLM", EncoderTask.MASKED_LM);
        TASKS.put("ForSequenceClassification", EncoderTask.SEQUENCE_CLASSIFICATION);
        TASKS.put("ForTokenClassification", EncoderTask.TOKEN_CLASSIFICATION);
        TASKS.put("Model", EncoderTask.TOKEN_EMBEDDINGS);
        TASKS.put("ForPreTraining", EncoderTask.MASKED_LM);
    }

    /** @throws InputException if sizes cannot be */
    static void require(String kind, int vocabulary, int width, int layers, int heads, int labels) {
        if (vocabulary < 1 || width < 1 || layers < 1 || heads < 1 || labels < 1 || width % heads != 0) {
            throw new InputException(
                    kind + ": expected a vocab_size, hidden_size, num_hidden_layers and num_labels of 1 or more"
                            + " and num_attention_heads that divide the hidden_size, received " + vocabulary + ", "
                            + width + ", "
                            + layers + ", " + labels + " and " + heads);
        }
    }

    @Override
    public List<String> architectures() {
        return TASKS.keySet().stream().map(end -> stem + end).toList();
    }

    @Override
    public String architecture(LanguageModel model) {
        EncoderTask task = kind.cast(model).task();
        return TASKS.entrySet().stream()
                .filter(each -> each.getValue() == task)
                .map(each -> stem + each.getKey())
                .findFirst()
                .orElse(stem + "Model");
    }

    @Override
    public LanguageModel read(ConfigJson config) {
        // What a file means that does not say is of BERT for the library, whatever the family.
        ObjectNode options = JsonNodeFactory.instance
                .objectNode()
                .put("max_position_embeddings", 512)
                .put("type_vocab_size", 2)
                .put("layer_norm_eps", 1e-12)
                .setAll(config.options(kind));
        options.remove(HISTORIC);
        JsonNode positions = options.remove("position_embedding_type");
        if (positions != null && !positions.asText().equals("absolute")) {
            throw config.refused("position_embedding_type", "absolute");
        }
        if (config.get("is_decoder").asBoolean()) {
            throw config.refused("is_decoder", "false, as every token sees all others here,");
        }
        String named = config.architectures().stream()
                .filter(architectures()::contains)
                .findFirst()
                .orElse(architectures().get(0));
        EncoderTask task = TASKS.get(named.substring(stem.length()));
        options.put(TASK, String.valueOf(task).toLowerCase(Locale.ROOT));
        JsonNode labels = config.get("id2label");
        if (labels.isObject() && !labels.isEmpty()) {
            options.put(LABELS, labels.size());
        }
        return RECORDS.read(kind, config.with(options));
    }

    @Override
    public Optional<LanguageModel> recognise(Layer layer, List<Field> inputs) {
        if (!(layer instanceof Sequential row) || row.names().size() < 3) {
            return Optional.empty();
        }
        boolean headed = row.names().get(0).startsWith(modelType + ".");
        if (!(row.layers().get(0) instanceof TokenEmbeddings embeddings)
                || !(row.layers().get(1) instanceof Dropout dropout)
                || !(row.layers().get(2) instanceof AttentionBlock block)
                || !HiddenAct.knows(block.activation())) {
            return Optional.empty();
        }
        for (EncoderTask task : EncoderTask.values()) {
            for (boolean tied : new boolean[] {true, false}) {
                ObjectNode keys = keys(row, embeddings, dropout, block);
                keys.put(TASK, task.name().toLowerCase(Locale.ROOT));
                keys.put("tie_word_embeddings", tied);
                Optional<LanguageModel> found = same(keys, layer, headed);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<LanguageModel> same(ObjectNode keys, Layer layer, boolean headed) {
        M model;
        try {
            model = RECORDS.read(kind, ConfigJson.of("the description", keys).with(keys));
        } catch (InputException e) {
            return Optional.empty();
        }
        return model.hasHead() == headed && SameComputation.of(model.layer(), layer)
                ? Optional.of(model)
                : Optional.empty();
    }

    private ObjectNode keys(Sequential row, TokenEmbeddings embeddings, Dropout dropout, AttentionBlock block) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        keys.put("vocab_size", embeddings.vocabulary());
        keys.put("hidden_size", embeddings.width());
        keys.put(
                "num_hidden_layers",
                row.layers().stream().filter(AttentionBlock.class::isInstance).count());
        keys.put("num_attention_heads", block.attention().heads());
        keys.put("intermediate_size", block.units());
        keys.put("hidden_act", HiddenAct.of(block.activation()).name().toLowerCase(Locale.ROOT));
        keys.put("hidden_dropout_prob", dropout.rate());
        keys.put("attention_probs_dropout_prob", block.attention().dropout());
        keys.put("max_position_embeddings", embeddings.maxLength());
        keys.put("type_vocab_size", embeddings.types());
        keys.put("layer_norm_eps", block.epsilon());
        keys.put("pad_token_id", embeddings.paddingIdx());
        List<Dropout> drops = row.layers().stream()
                .filter(Dropout.class::isInstance)
                .map(Dropout.class::cast)
                .toList();
        if (drops.size() > 1 && drops.get(1).rate() != dropout.rate()) {
            keys.put("classifier_dropout", drops.get(1).rate());
        }
        if (row.layers().get(row.layers().size() - 1) instanceof Dense classes) {
            keys.put(LABELS, classes.units());
        }
        return keys;
    }

    @Override
    public ObjectNode write(LanguageModel model) {
        M each = kind.cast(model);
        ObjectNode keys = (ObjectNode) RECORDS.write(kind, each);
        keys.remove(TASK);
        keys.remove(LABELS);
        if (each.task() == EncoderTask.SEQUENCE_CLASSIFICATION || each.task() == EncoderTask.TOKEN_CLASSIFICATION) {
            ObjectNode names = keys.putObject("id2label");
            ObjectNode ids = keys.putObject("label2id");
            for (int i = 0; i < each.numLabels(); i++) {
                names.put(Integer.toString(i), "LABEL_" + i);
                ids.put("LABEL_" + i, i);
            }
        }
        return keys;
    }

    /** As for the model whose task needs every tensor. */
    @Override
    public NameMap toOwn() {
        return new NameMap(RENAMED);
    }

    @Override
    public NameMap toOwn(LanguageModel model) {
        M each = kind.cast(model);
        boolean pooled = each.task() == EncoderTask.SEQUENCE_CLASSIFICATION && modelType.equals("bert");
        List<NameRule> rules = new ArrayList<>(rules(each.hasHead()));
        if (!pooled) {
            rules.add(NameRule.drop("(?:" + modelType + "\\.)?pooler\\..*"));
        }
        return new NameMap(rules);
    }

    @Override
    public NameMap toOwn(Set<String> wanted) {
        return new NameMap(rules(wanted.stream().anyMatch(name -> name.startsWith(modelType + "."))));
    }

    @Override
    public Optional<String> head(String tensor) {
        Matcher found = HEAD.matcher(tensor);
        return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
    }

    @Override
    public boolean fits(String architecture, LanguageModel model) {
        EncoderTask task = kind.cast(model).task();
        EncoderTask read = architecture.startsWith(stem) ? TASKS.get(architecture.substring(stem.length())) : null;
        return read == (task == EncoderTask.SENTENCE_EMBEDDINGS ? EncoderTask.TOKEN_EMBEDDINGS : task);
    }

    /**
     * Old files call scale and shift of normalisations gamma and beta, and have the numbers of positions; the body of a model without a head has no prefix;
     * pooling for the next sentence, and what it is classified by, is left out where the task has none.
     */
    private List<NameRule> rules(boolean headed) {
        List<NameRule> rules = new ArrayList<>(RENAMED);
        String body = "((?:embeddings|encoder|pooler)\\..*)";
        rules.add(headed ? NameRule.rename(body, modelType + ".$1") : NameRule.rename(modelType + "\\." + body, "$1"));
        return rules;
    }

    /**
     * An encoder for another task; empty of another model.
     *
     * @param task the model's own if null
     * @param labels classes of the task; the model's own if null
     */
    static Optional<LanguageModel> forTask(LanguageModel model, @Nullable EncoderTask task, @Nullable Integer labels) {
        if (model instanceof Bert bert) {
            return Optional.of(Bert.FAMILY.with(bert, task, labels));
        }
        return model instanceof Roberta roberta
                ? Optional.of(Roberta.FAMILY.with(roberta, task, labels))
                : Optional.empty();
    }

    private M with(M model, @Nullable EncoderTask task, @Nullable Integer labels) {
        ObjectNode keys = (ObjectNode) RECORDS.write(kind, model);
        if (task != null) {
            keys.put(TASK, task.name().toLowerCase(Locale.ROOT));
        }
        if (labels != null) {
            keys.put(LABELS, labels);
        }
        return RECORDS.read(kind, modelType, keys);
    }

    @Override
    public NameMap toPublic() {
        return NameMap.of(NameRule.rename("(cls\\.predictions|lm_head)\\.decoder\\.bias", "$1.bias"));
    }
}
