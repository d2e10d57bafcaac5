package dev.jumbo.nn.weights;

/**
 * Where the first values of a model come from.
 *
 * @param from tensors under names of their own
 * @param map brings them to the model's
 * @param missing what they need not have
 */
public record Weights(TensorSource from, NameMap map, Missing missing) {
    /** All of a model, under its names. */
    public static Weights of(TensorSource from) {
        return new Weights(from, NameMap.none(), Missing.none());
    }
}
