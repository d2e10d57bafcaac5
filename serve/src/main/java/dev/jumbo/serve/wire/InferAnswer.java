package dev.jumbo.serve.wire;

import dev.jumbo.data.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
     * @param classes as of {@link InferRequest.Output}: how many of the largest values are to be sent, as texts
     */
    public record Output(Field field, float[] values, boolean binary, int classes) {
        public Output(Field field, float[] values, boolean binary) {
            this(field, values, binary, 0);
        }

        public Datatype datatype() {
            return classes == 0 ? Datatype.FP32 : Datatype.BYTES;
        }

        /** The shape of what is sent of some examples. */
        public long[] shape(int rows) {
            return classes == 0
                    ? field.shape().prepend(rows).toArray()
                    : new long[] {rows, TopClasses.count(this, rows)};
        }

        /** The values as the binary extension sends them. */
        public byte[] bytes(int rows) {
            if (classes > 0) {
                return BinaryTexts.write(texts(rows));
            }
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            return bytes.array();
        }

        /** What is sent where classes were asked for: {@code VALUE:INDEX} or {@code VALUE:INDEX:CLASS}, the largest values first. */
        public List<String> texts(int rows) {
            return TopClasses.of(this, rows);
        }
    }

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
