package dev.jumbo.models.language;

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
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A family of Llama's form, whose tensors have the public names.
 *
 * @param modelType what a file names the family
 * @param architecture the class that a file names
 * @param kind its record, whose components are the keys of {@code config.json}
 * @param context {@code max_position_embeddings} where a file does not say
 * @param theta {@code rope_theta} where a file does not say
 * @param of the record of a decoder and its longest sequence; empty where it is none of this family
 */
record DecoderFamily<M extends Record & DecoderModel>(
        String modelType,
        String architecture,
        Class<M> kind,
        int context,
        double theta,
        BiFunction<Decoder, Integer, Optional<M>> of)
        implements Family {
    private static final Records RECORDS = Records.of();

    /** {@code max_position_embeddings} of a description: what dynamic positions were made for, or the longest sequence. */
    static int context(Decoder decoder, int longest) {
        RopeScaling scaling = decoder.ropeScaling();
        return scaling != null && scaling.ropeType() == RopeType.DYNAMIC ? scaling.originalMaxPositions() : longest;
    }

    /** @throws InputException if sizes cannot be */
    static void require(
            String kind,
            int width,
            int layers,
            int heads,
            @Nullable Integer kvHeads,
            @Nullable Integer headDim,
            int longest) {
        if (width < 1 || layers < 1 || heads < 1 || longest < 1) {
            throw new InputException(kind + ": expected a hidden_size, num_hidden_layers, num_attention_heads and"
                    + " max_position_embeddings of 1 or more, received " + width + ", " + layers + ", " + heads
                    + " and "
                    + longest);
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
        RopeKeys.read(config, options, context, theta);
        return RECORDS.read(kind, config.with(options));
    }

    @Override
    public Optional<LanguageModel> recognise(Layer layer, List<Field> inputs) {
        int longest = inputs.get(0).shape().rank() == 0
                ? context
                : (int) inputs.get(0).shape().size(0);
        return Decoder.of(layer)
                .flatMap(decoder -> of.apply(decoder, longest)
                        .filter(model -> model.decoder().equals(decoder))
                        .map(LanguageModel.class::cast));
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
