package dev.jumbo.serve.wire;

import dev.jumbo.data.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link InferRequest}, for any protocol to write.
 *
 * @param model name of the model that answered
 * @param version its version
 * @param id the request's, sent back
 * @param outputs in the order asked for
 * @param rows how many examples were asked about
 * @param warnings for each row what its sender should know; empty where there is none at all
 */
public record InferAnswer(
        String model,
        String version,
        @Nullable String id,
        List<Output> outputs,
        int rows,
        List<List<String>> warnings) {
    /**
     * One tensor.
     *
     * @param field name, shape of one example and type
     * @param values row-major, {@code rows} examples
     * @param binary whether the caller wants it as bytes
     */
    public record Output(Field field, float[] values, boolean binary) {}

    /** A line for each warning, naming its row. */
    public String warningLines() {
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < warnings.size(); row++) {
            for (String warning : warnings.get(row)) {
                lines.append(lines.isEmpty() ? "" : "\n")
                        .append("row ")
                        .append(row)
                        .append(": ")
                        .append(warning);
            }
        }
        return lines.toString();
    }
}
