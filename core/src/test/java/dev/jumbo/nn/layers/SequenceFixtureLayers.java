package dev.jumbo.nn.layers;

import static dev.jumbo.nn.layers.Layers.*;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.conv.PatchEmbedding;
import dev.jumbo.nn.layers.sequence.ClassToken;
import dev.jumbo.nn.layers.sequence.GatedMlp;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import java.util.Map;
import java.util.TreeMap;

/** The layers of the fixtures that {@code src/test/python/make_sequence_fixtures.py} writes, under their names. */
final class SequenceFixtureLayers {
    private SequenceFixtureLayers() {}

    static Map<String, Layer> byName() {
        Map<String, Layer> all = new TreeMap<>();
        all.put("lstm", lstm(6));
        all.put("lstm_sequences", new Lstm(6, true, false, 1, 0));
        all.put("lstm_bidirectional", new Lstm(6, false, true, 1, 0));
        all.put("lstm_deep", new Lstm(4, true, true, 2, 0));
        all.put("gru", gru(6));
        all.put("gru_sequences", new Gru(6, true, false, 1, 0));
        all.put("gru_bidirectional", new Gru(6, false, true, 1, 0));
        all.put("gru_deep", new Gru(4, true, true, 2, 0));
        all.put("attention", multiHeadAttention(2));
        all.put("attention_causal", new MultiHeadAttention(4, true, 0, true));
        all.put("attention_without_bias", new MultiHeadAttention(1, false, 0, false));
        all.put("transformer_block", encoderBlock(2, 20, 0));
        all.put("transformer_block_causal", decoderBlock(2, 20, 0));
        all.put("transformer_block_norm_last", new TransformerBlock(2, 20, false, 0, Activation.RELU, false));
        all.put("positional_embedding", positionalEmbedding(7));
        all.put("layer_norm", layerNorm());
        all.put("layer_norm_features", new LayerNorm(1e-3));
        all.put("rms_norm", rmsNorm());
        all.put("gated_mlp", GatedMlp.of(12));
        GroupedQueryAttention grouped = GroupedQueryAttention.of(4, 2, 10000);
        all.put("grouped_query_attention", grouped);
        all.put("llama_block", new LlamaBlock(grouped, 12, 1e-5, false, Map.of()));
        all.put("class_token", ClassToken.of());
        all.put("patch_embedding", new PatchEmbedding(6, 2));
        return all;
    }
}
