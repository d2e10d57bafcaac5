package dev.jumbo.train.infer;

import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inputs and outputs that have sizes of the caller's choice beside the batch and the steps of a sequence, such as height and width. Such an
 * input is given as {@code SizedRow[]}, a row each, or as values of the shape that its field has.
 */
public interface FreeShapes {
    /** One example of an input or output, with the sizes that may be others; null where none may. */
    @Nullable
    Spec of(String field);

    /**
     * The shapes of the outputs of one row.
     *
     * @param inputs as they were given to {@link dev.jumbo.train.Predictor#predict}; all rows of one size
     * @return null for sizes that were not computed lately
     */
    @Nullable
    List<Shape> outputs(List<?> inputs);
}
