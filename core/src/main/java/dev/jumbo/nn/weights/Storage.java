package dev.jumbo.nn.weights;

/** How the values of frozen parameters lie in memory; they are brought to the type of the pass when they are used. */
public enum Storage {
    /** 4 bytes a value. */
    FP32,
    /** 2 bytes a value of matrices, kernels and biases; scale and shift of normalisations stay in fp32. */
    BF16,
    /**
     * 1 byte a value of matrices and kernels, and 4 bytes a row: {@code q = round(w / s)} with {@code s = max |w| / 127} over
     * the row, the first dimension of PyTorch's shape. Vectors stay in fp32.
     */
    INT8,
    /** As {@link #INT8} with half a byte a value, from -7 to 7: {@code s = max |w| / 7}. */
    INT4
}
