package dev.jumbo.nn.adapt;

import dev.jumbo.nn.layers.sequence.LoraAttention;

/**
 * Names of PEFT's files and those of the model: {@code base_model.model.PATH.lora_A.weight} for {@code PATH.lora_A.weight}. Of a {@code
 * MultiHeadAttention}, PEFT calls the change of {@code in_proj_weight} after the attention itself, and that of the output {@code
 * PATH.base_layer.out_proj}; other parameters of a layer with a change stand behind {@code base_layer}.
 */
final class PeftNames {
    static final String ROOT = "base_model.model.";
    private static final String BASE = "base_layer";

    private PeftNames() {}

    /** PEFT's path of a matrix, without the root. */
    static String path(Changes model, String path) {
        Changes.Matrix matrix = model.matrices().get(path);
        if (matrix == null || !model.isOfAttention(matrix)) {
            return path;
        }
        return path.endsWith("." + LoraAttention.IN)
                ? matrix.holder()
                : matrix.holder() + "." + BASE + "." + LoraAttention.OUT;
    }

    /** PEFT's name of a parameter that is trained as a whole. */
    static String parameter(Changes model, String name) {
        int end = name.lastIndexOf('.');
        String layer = name.substring(0, Math.max(0, end));
        Changes.Matrix matrix = model.matrices().get(layer);
        boolean changed = matrix != null && matrix.change() != null && !model.isOfAttention(matrix);
        return changed ? layer + "." + BASE + name.substring(end) : name;
    }

    /** The model's name of such a parameter. @param peft without the root */
    static String ofParameter(String peft) {
        return peft.replace("." + BASE + ".", ".").replace(".modules_to_save.", ".");
    }
}
