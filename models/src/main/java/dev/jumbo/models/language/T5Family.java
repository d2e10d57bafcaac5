package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Records;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Encoder;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.encoder.AttentionBlock;
import dev.jumbo.nn.layers.encoder.RelativePositions;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** T5's {@code config.json} and tensors, which have the public names. */
final class T5Family implements Family {
    private static final Records RECORDS = Records.of();

    @Override
    public String modelType() {
        return "t5";
    }

    @Override
    public List<String> architectures() {
        return List.of("T5ForConditionalGeneration", "T5WithLMHeadModel");
    }

    /** Whether the head has a weight of its own is said by the weights too: versions of the library write that they are tied whatever they are. */
    @Override
    public LanguageModel read(ConfigJson config, Set<String> tensors) {
        ObjectNode options = options(config);
        if (tensors.contains("lm_head.weight")
                && config.get("scale_decoder_outputs").isBoolean()
                && !config.get("scale_decoder_outputs").booleanValue()) {
            options.put("tie_word_embeddings", false);
        }
        return read(config, options);
    }

    @Override
    public LanguageModel read(ConfigJson config) {
        return read(config, options(config));
    }

    /** The function of the dense layers is said twice, and the library takes the second. */
    private static T5 read(ConfigJson config, ObjectNode options) {
        T5 t5 = RECORDS.read(T5.class, config.with(options));
        String gated = "is_gated_act";
        if (config.get(gated).isBoolean() && config.get(gated).booleanValue() != t5.gated()) {
            throw config.refused(gated, t5.gated() + ", as feed_forward_proj says,");
        }
        String function = "dense_act_fn";
        if (config.get(function).isTextual()
                && T5.activation(config.get(function).textValue()) != T5.activation(t5.feedForwardProj())) {
            throw config.refused(function, "what feed_forward_proj says, " + t5.feedForwardProj() + ",");
        }
        return t5;
    }

    private static ObjectNode options(ConfigJson config) {
        ObjectNode options = config.options(T5.class);
        // What follows from feed_forward_proj, and what is of another task.
        options.remove(List.of("dense_act_fn", "is_gated_act", "is_encoder_decoder", "classifier_dropout"));
        if (config.get("initializer_factor").isNumber()) {
            options.set("initializer_factor", config.get("initializer_factor"));
        }
        return options;
    }

    @Override
    public Optional<LanguageModel> recognise(Layer layer, List<Field> inputs) {
        if (!(layer instanceof Graph graph)
                || graph.nodes().size() != 4
                || graph.inputs().size() != 2) {
            return Optional.empty();
        }
        if (!(graph.nodes().get(0).layer() instanceof Embedding shared)
                || !(graph.nodes().get(1).layer() instanceof Encoder encoder)
                || !(graph.nodes().get(2).layer() instanceof Sequential decoder)
                || encoder.layers().size() < 4
                || !(encoder.layers().get(1) instanceof AttentionBlock block)) {
            return Optional.empty();
        }
        RelativePositions relative = block.attention().relativePositions();
        Integer width = block.attention().headDim();
        if (relative == null || width == null || !HiddenAct.knows(block.activation())) {
            return Optional.empty();
        }
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        keys.put("vocab_size", shared.inputDim());
        keys.put("d_model", shared.outputDim());
        keys.put("d_kv", width);
        keys.put("d_ff", block.units());
        keys.put("num_layers", encoder.layers().size() - 3);
        keys.put("num_decoder_layers", decoder.layers().size() - 4);
        keys.put("num_heads", block.attention().heads());
        keys.put("relative_attention_num_buckets", relative.buckets());
        keys.put("relative_attention_max_distance", relative.maxDistance());
        keys.put("dropout_rate", block.dropout());
        keys.put("layer_norm_epsilon", block.epsilon());
        String function = HiddenAct.of(block.activation()).name().toLowerCase(Locale.ROOT);
        keys.put("feed_forward_proj", (block.gated() ? "gated-" : "") + function);
        boolean tied = graph.nodes().get(3).layer() instanceof TiedDense;
        keys.put("tie_word_embeddings", tied);
        keys.put("scale_decoder_outputs", graph.nodes().get(3).layer() instanceof TiedDense head && head.scale() != 1);
        if (!inputs.isEmpty() && inputs.get(0).shape().rank() == 1) {
            keys.put("n_positions", inputs.get(0).shape().size(0));
        }
        keys.put("encoder_input", graph.inputs().get(0));
        keys.put("decoder_input", graph.inputs().get(1));
        try {
            T5 model = RECORDS.read(
                    T5.class, ConfigJson.of("the description", keys).with(keys));
            return SameComputation.of(model.layer(), layer) ? Optional.of(model) : Optional.empty();
        } catch (InputException e) {
            return Optional.empty();
        }
    }

    @Override
    public ObjectNode write(LanguageModel model) {
        T5 t5 = (T5) model;
        ObjectNode keys = (ObjectNode) RECORDS.write(T5.class, t5);
        keys.remove(List.of("encoder_input", "decoder_input"));
        keys.put("is_encoder_decoder", true);
        keys.put("decoder_start_token_id", t5.padTokenId());
        if (keys.path("feed_forward_proj").asText().equals("gated-gelu_new")) {
            keys.put("feed_forward_proj", "gated-gelu");
        }
        return keys;
    }

    /** Old files have the embedding three times. The head's weight may be there though it is tied: it is held against the embedding. */
    @Override
    public NameMap toOwn() {
        return NameMap.of(
                NameRule.drop("(?:encoder|decoder)\\.embed_tokens\\.weight"),
                NameRule.drop("decoder\\.block\\.0\\.layer\\.1\\.EncDecAttention\\.relative_attention_bias\\.weight"));
    }

    @Override
    public NameMap toPublic() {
        return NameMap.none();
    }
}
