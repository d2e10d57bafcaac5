package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Default;
import dev.jumbo.config.Records;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.models.Gpt2;
import dev.jumbo.models.NamedModel;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** GPT-2: {@link Gpt2} under the keys of its {@code config.json}. */
final class Gpt2Family implements Family {
    private static final Records RECORDS = Records.of();
    private static final String MATRICES = "(attn\\.c_attn|attn\\.c_proj|mlp\\.c_fc|mlp\\.c_proj)\\.weight";

    /** {@link Gpt2} as a model of text. */
    record Model(Gpt2 gpt2) implements LanguageModel {
        @Override
        public int vocabSize() {
            return gpt2.vocabulary();
        }

        @Override
        public int maxPositionEmbeddings() {
            return gpt2.context();
        }

        @Override
        public NamedModel named() {
            return gpt2;
        }

        @Override
        public Layer layer() {
            return gpt2.layer();
        }

        @Override
        public Specs input() {
            return LanguageModel.super.input();
        }
    }

    /** The keys of {@code config.json}; those of the second group have one value that is computed. */
    record Keys(
            @Default("50257") int vocabSize,
            @Default("1024") int nPositions,
            @Default("768") int nEmbd,
            @Default("12") int nLayer,
            @Default("12") int nHead,
            @Default("null") @Nullable Integer nInner,
            @Default("gelu_new") HiddenAct activationFunction,
            @Default("0.1") double residPdrop,
            @Default("0.1") double embdPdrop,
            @Default("0.1") double attnPdrop,
            @Default("1.0e-5") double layerNormEpsilon,
            @Default("true") boolean tieWordEmbeddings,
            @Default("true") boolean scaleAttnWeights,
            @Default("false") boolean scaleAttnByInverseLayerIdx,
            @Default("false") boolean reorderAndUpcastAttn,
            @Default("false") boolean addCrossAttention) {
        Gpt2 model() {
            return new Gpt2(
                    vocabSize,
                    nPositions,
                    nEmbd,
                    nLayer,
                    nHead,
                    residPdrop,
                    nInner,
                    activationFunction.activation(),
                    layerNormEpsilon,
                    embdPdrop,
                    attnPdrop,
                    tieWordEmbeddings);
        }
    }

    @Override
    public String modelType() {
        return "gpt2";
    }

    /** The model without its head has the tensors of the one with it, where both are tied. */
    @Override
    public List<String> architectures() {
        return List.of("GPT2LMHeadModel", "GPT2Model");
    }

    @Override
    public LanguageModel read(ConfigJson config) {
        ObjectNode options = config.options(Keys.class);
        // Of the heads of other tasks, and a copy of n_positions in old files.
        options.remove(List.of(
                "summary_type",
                "summary_use_proj",
                "summary_activation",
                "summary_proj_to_labels",
                "summary_first_dropout",
                "n_ctx"));
        Keys keys = RECORDS.read(Keys.class, config.with(options));
        if (!keys.scaleAttnWeights) {
            throw config.refused("scale_attn_weights", "true");
        }
        if (keys.scaleAttnByInverseLayerIdx) {
            throw config.refused("scale_attn_by_inverse_layer_idx", "false");
        }
        if (keys.addCrossAttention) {
            throw config.refused("add_cross_attention", "false");
        }
        return new Model(keys.model());
    }

    @Override
    public Optional<LanguageModel> recognise(Layer layer, List<Field> inputs) {
        if (!(layer instanceof Sequential row)
                || row.names().size() < 6
                || !row.names().get(0).equals("transformer.wte")
                || !(row.layers().get(0) instanceof Embedding embedding)
                || !(row.layers().get(1) instanceof PositionalEmbedding positions)
                || !(row.layers().get(2) instanceof Dropout dropout)
                || !(row.layers().get(3) instanceof TransformerBlock block)
                || !HiddenAct.knows(block.activation())) {
            return Optional.empty();
        }
        int layers = row.names().size() - 5;
        double attention = block.swapped().get("self_attn") instanceof MultiHeadAttention other
                ? other.dropout()
                : block.dropout();
        Gpt2 gpt2;
        try {
            gpt2 = new Gpt2(
                    embedding.inputDim(),
                    positions.maxLength(),
                    embedding.outputDim(),
                    layers,
                    block.heads(),
                    block.dropout(),
                    block.units() == 4 * embedding.outputDim() ? null : Integer.valueOf(block.units()),
                    block.activation(),
                    block.epsilon(),
                    dropout.rate(),
                    attention,
                    row.layers().get(row.layers().size() - 1) instanceof TiedDense);
        } catch (InputException e) {
            return Optional.empty();
        }
        return SameComputation.of(gpt2.layer(), layer) ? Optional.of(new Model(gpt2)) : Optional.empty();
    }

    @Override
    public ObjectNode write(LanguageModel model) {
        Gpt2 gpt2 = ((Model) model).gpt2;
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        keys.setAll((ObjectNode) RECORDS.write(
                Keys.class,
                new Keys(
                        gpt2.vocabulary(),
                        gpt2.context(),
                        gpt2.width(),
                        gpt2.layers(),
                        gpt2.heads(),
                        gpt2.units(),
                        HiddenAct.of(gpt2.activation()),
                        gpt2.dropout(),
                        gpt2.embeddingDropout() == null ? gpt2.dropout() : gpt2.embeddingDropout(),
                        gpt2.attentionDropout() == null ? gpt2.dropout() : gpt2.attentionDropout(),
                        gpt2.epsilon(),
                        gpt2.tieEmbeddings(),
                        true,
                        false,
                        false,
                        false)));
        return keys;
    }

    /** Old files also have the causal mask of each block. */
    @Override
    public NameMap toOwn() {
        List<NameRule> rules = new ArrayList<>();
        rules.add(NameRule.drop("(transformer\\.)?h\\.\\d+\\.attn\\.(masked_)?bias"));
        rules.addAll(Gpt2.small().publicNames().rules());
        return new NameMap(rules);
    }

    @Override
    public NameMap toPublic() {
        String h = "(transformer\\.h\\.\\d+\\.)";
        return NameMap.of(
                NameRule.rename(h + "norm([12])\\.(\\w+)", "$1ln_$2.$3"),
                NameRule.rename(h + "self_attn\\.in_proj_(\\w+)", "$1attn.c_attn.$2"),
                NameRule.rename(h + "self_attn\\.out_proj\\.(\\w+)", "$1attn.c_proj.$2"),
                NameRule.rename(h + "linear1\\.(\\w+)", "$1mlp.c_fc.$2"),
                NameRule.rename(h + "linear2\\.(\\w+)", "$1mlp.c_proj.$2"),
                NameRule.transpose("transformer\\.h\\.\\d+\\." + MATRICES));
    }
}
