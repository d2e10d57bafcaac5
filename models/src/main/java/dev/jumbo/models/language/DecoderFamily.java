package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Records;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import dev.jumbo.nn.layers.sequence.RopeType;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A family of Llama's form, whose tensors have the public names.
 *
 * @param modelType what a file names the family
 * @param architecture the class that a file names
 * @param kind its record, whose components are the keys of {@code config.json}
 * @param context {@code max_position_embeddings} where a file does not say
 */
record DecoderFamily<M extends Record & DecoderModel>(String modelType, String architecture, Class<M> kind, int context)
        implements Family {
    private static final Records RECORDS = Records.of();

    /** @throws InputException if sizes cannot be */
    static void require(String kind, int layers, int longest) {
        if (layers < 1 || longest < 1) {
            throw new InputException(
                    kind + ": expected num_hidden_layers and max_position_embeddings of 1 or more, received " + layers
                            + " and " + longest);
        }
    }

    /** @throws InputException if heads cannot be */
    static void requireHeads(String kind, int width, int heads, @Nullable Integer kvHeads, @Nullable Integer headDim) {
        if (width < 1 || heads < 1) {
            throw new InputException(kind + ": expected a hidden_size and num_attention_heads of 1 or more, received "
                    + width + " and " + heads);
        }
        if (kvHeads != null && (kvHeads < 1 || heads % kvHeads != 0)) {
            throw new InputException(kind + ": expected num_key_value_heads that divide the " + heads
                    + " num_attention_heads, received " + kvHeads);
        }
        if (headDim == null ? width % (2 * heads) != 0 : headDim < 2 || headDim % 2 != 0) {
            throw new InputException(kind + ": expected heads of an even width, received "
                    + (headDim == null ? "a hidden_size of " + width + " for " + heads + " heads" : headDim));
        }
    }

    @Override
    public List<String> architectures() {
        return List.of(architecture);
    }

    @Override
    public LanguageModel read(ConfigJson config) {
        ObjectNode options = config.options(kind);
        RopeKeys.read(config, options, context);
        return RECORDS.read(kind, config.with(options));
    }

    @Override
    public Optional<LanguageModel> recognise(Layer layer, List<Field> inputs) {
        int longest = inputs.get(0).shape().rank() == 0
                ? context
                : (int) inputs.get(0).shape().size(0);
        return Decoder.of(layer).flatMap(decoder -> said(decoder, longest));
    }

    /** The record that the family's own of a decoder's keys make, if that decoder is what it says. */
    private Optional<LanguageModel> said(Decoder decoder, int longest) {
        if (!HiddenAct.knows(decoder.activation())) {
            return Optional.empty();
        }
        ObjectNode keys = keys(decoder, longest);
        keys.retain(Records.keys(kind));
        try {
            M model = RECORDS.read(kind, modelType, keys);
            return model.decoder().equals(decoder) ? Optional.of(model) : Optional.empty();
        } catch (InputException e) {
            return Optional.empty();
        }
    }

    /** What a decoder is, under the keys of all families. */
    private static ObjectNode keys(Decoder d, int longest) {
        RopeScaling scaling = d.ropeScaling();
        // What dynamic positions were made for.
        int context =
                scaling != null && scaling.ropeType() == RopeType.DYNAMIC ? scaling.originalMaxPositions() : longest;
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        keys.put("vocab_size", d.vocabulary());
        keys.put("hidden_size", d.width());
        keys.put("intermediate_size", d.units());
        keys.put("num_hidden_layers", d.layers().size());
        keys.put("num_attention_heads", d.heads());
        keys.put("num_key_value_heads", d.kvHeads());
        keys.put("head_dim", d.headDim());
        keys.put("hidden_act", HiddenAct.of(d.activation()).name().toLowerCase(Locale.ROOT));
        keys.put("max_position_embeddings", context);
        keys.put("rms_norm_eps", d.epsilon());
        keys.put("rope_theta", d.ropeTheta());
        keys.set("rope_scaling", scaling == null ? null : RECORDS.write(RopeScaling.class, scaling));
        keys.put("attention_bias", d.bias());
        keys.put("mlp_bias", d.mlpBias());
        keys.put("attention_dropout", d.attentionDropout());
        keys.put("tie_word_embeddings", d.tied());
        LayerType.write(d, keys);
        return keys;
    }

    @Override
    public ObjectNode write(LanguageModel model) {
        ObjectNode keys = (ObjectNode) RECORDS.write(kind, kind.cast(model));
        RopeKeys.write(keys);
        return keys;
    }

    /** A file of the model without its head has no prefix; old ones have the angles of positions, which follow from the options. */
    @Override
    public NameMap toOwn() {
        return NameMap.of(
                NameRule.drop(".*rotary_emb\\.inv_freq"),
                NameRule.rename("((?:embed_tokens|layers|norm)\\..*)", "model.$1"));
    }

    @Override
    public NameMap toPublic() {
        return NameMap.none();
    }
}
