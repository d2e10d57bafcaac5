package dev.jumbo.models;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.conv.PatchEmbedding;
import dev.jumbo.nn.layers.sequence.ClassToken;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Vision Transformer (Dosovitskiy et al., 2021, section 3.1), ViT-B/16 as it is: 86,567,656 parameters at 1,000 classes. Takes images
 * {@code [3, size, size]}; gives logits, read at a class token. Names are torchvision's as far as they are of the whole, {@code
 * conv_proj.weight}, {@code encoder.ln.weight}; {@link #publicNames} brings the rest of its {@code vit_b_16} to {@link
 * TransformerBlock}'s.
 *
 * @param classes outputs
 * @param imageSize sides of an image
 * @param patchSize sides of a square; divides imageSize
 * @param width of a step
 * @param layers blocks
 * @param heads of each attention
 * @param units width inside the dense layers
 * @param dropout in training
 */
@Kind("vit_b_16")
@Doc("Vision Transformer ViT-B/16, or another size. Gives logits.")
public record VitB16(
        @Doc("Number of classes.") @Default("1000") int classes,
        @Doc("Sides of an image in pixels.") @Default("224") int imageSize,

        @Doc("Sides of a square; divides the image's.") @Default("16")
        int patchSize,

        @Doc("Width of a step.") @Default("768") int width,
        @Doc("Number of blocks.") @Default("12") int layers,
        @Doc("Heads of each attention.") @Default("12") int heads,

        @Doc("Width inside the dense layers.") @Default("3072")
        int units,

        @Doc("Dropout rate, in training.") @Default("0.0") double dropout)
        implements PublicModel {
    private static final double EPSILON = 1e-6;

    public VitB16 {
        if (classes < 1 || layers < 1 || patchSize < 1 || imageSize < patchSize || imageSize % patchSize != 0) {
            throw new InputException(
                    "vit_b_16: expected 1 or more classes and layers, and an image_size that is a multiple"
                            + " of the patch_size, received " + classes + ", " + layers + ", " + imageSize + " and "
                            + patchSize);
        }
    }

    /** The published size. */
    public static VitB16 of(int classes) {
        return new VitB16(classes, 224, 16, 768, 12, 12, 3072, 0);
    }

    @Override
    public Specs input() {
        return Specs.of(Shape.of(3, imageSize, imageSize));
    }

    @Override
    public NameMap publicNames() {
        String h = "encoder\\.layers\\.encoder_layer_(\\d+)\\.";
        String to = "encoder.layers.encoder_layer_$1.";
        return NameMap.of(
                NameRule.rename(h + "ln_([12])\\.(\\w+)", to + "norm$2.$3"),
                NameRule.rename(h + "self_attention\\.(.*)", to + "self_attn.$2"),
                NameRule.rename(h + "mlp\\.(?:0|linear_1)\\.(\\w+)", to + "linear1.$2"),
                NameRule.rename(h + "mlp\\.(?:3|linear_2)\\.(\\w+)", to + "linear2.$2"),
                NameRule.rename("class_token", "class_token.weight"),
                NameRule.squeeze("encoder\\.pos_embedding"),
                NameRule.rename("encoder\\.pos_embedding", "encoder.pos_embedding.weight"));
    }

    @Override
    public Layer layer() {
        int side = imageSize / patchSize;
        Map<String, Layer> row = new LinkedHashMap<>();
        row.put("conv_proj", new PatchEmbedding(width, patchSize));
        row.put("class_token", ClassToken.of());
        row.put("encoder.pos_embedding", Layers.positionalEmbedding(side * side + 1));
        row.put("encoder.dropout", Layers.dropout(dropout));
        for (int i = 0; i < layers; i++) {
            row.put(
                    "encoder.layers.encoder_layer_" + i,
                    new TransformerBlock(heads, units, false, dropout, Activation.GELU, true, EPSILON, Map.of()));
        }
        row.put("encoder.ln", new LayerNorm(EPSILON));
        row.put("token", new SelectStep(0));
        row.put("heads.head", Layers.dense(classes));
        return Sequential.named(row);
    }
}
