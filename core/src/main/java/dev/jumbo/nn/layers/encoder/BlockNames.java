package dev.jumbo.nn.layers.encoder;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import java.util.List;
import java.util.stream.Stream;

/** What the parts of an {@link AttentionBlock} are called; by default as BART's in Hugging Face's files. */
public record BlockNames(
        @Doc("Attention of the sequence to itself.") @Default("self_attn")
        String self,

        @Doc("Its normalisation.") @Default("self_attn_layer_norm")
        String selfNorm,

        @Doc("Attention to the memory.") @Default("encoder_attn")
        String across,

        @Doc("Its normalisation.") @Default("encoder_attn_layer_norm")
        String acrossNorm,

        @Doc("The first dense layer.") @Default("fc1") String up,
        @Doc("The gate beside it.") @Default("gate") String gate,
        @Doc("The second dense layer.") @Default("fc2") String down,

        @Doc("The normalisation of the dense layers.") @Default("final_layer_norm")
        String denseNorm) {
    /** BART's and Marian's. */
    public static final BlockNames BART = new BlockNames(
            "self_attn",
            "self_attn_layer_norm",
            "encoder_attn",
            "encoder_attn_layer_norm",
            "fc1",
            "gate",
            "fc2",
            "final_layer_norm");

    /** BERT's and RoBERTa's, whose block has no attention to a memory. */
    public static final BlockNames BERT = new BlockNames(
            "attention",
            "attention.output.LayerNorm",
            "crossattention",
            "crossattention.output.LayerNorm",
            "intermediate.dense",
            "intermediate.gate",
            "output.dense",
            "output.LayerNorm");

    /** T5's of an encoder, or of a decoder, which has one part more. @param gated whether it has two dense layers side by side */
    public static BlockNames t5(boolean decoder, boolean gated) {
        String dense = decoder ? "layer.2." : "layer.1.";
        return new BlockNames(
                "layer.0.SelfAttention",
                "layer.0.layer_norm",
                "layer.1.EncDecAttention",
                "layer.1.layer_norm",
                dense + "DenseReluDense." + (gated ? "wi_1" : "wi"),
                dense + "DenseReluDense.wi_0",
                dense + "DenseReluDense.wo",
                dense + "layer_norm");
    }

    List<String> used(boolean acrossToo, boolean gated) {
        return Stream.of(
                        Stream.of(self, selfNorm, up, down, denseNorm),
                        acrossToo ? Stream.of(across, acrossNorm) : Stream.<String>of(),
                        gated ? Stream.of(gate) : Stream.<String>of())
                .flatMap(names -> names)
                .toList();
    }
}
