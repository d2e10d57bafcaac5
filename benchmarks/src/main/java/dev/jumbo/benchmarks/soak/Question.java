package dev.jumbo.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.jumbo.benchmarks.RawConnection;
import dev.jumbo.error.FailureException;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked, in each protocol.
 *
 * @param input name of its only input
 * @param shape of a row
 * @param sumsToOne whether each row of the answer does, as probabilities do
 */
record Question(String model, String input, List<Integer> shape, boolean sumsToOne) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As the server tells. */
    static Question of(ServerProcess server, String model) throws IOException {
        try (RawConnection connection = new RawConnection(server.port)) {
            RawConnection.Answer answer = connection.ask(RawConnection.request(
                    "GET", "/v2/models/" + model, new byte[0], "Authorization: Bearer " + ServerProcess.APP));
            JsonNode inputs = JSON.readTree(answer.body()).path("inputs");
            if (inputs.isEmpty()) {
                throw new FailureException("expected metadata with inputs, received " + answer.text());
            }
            if (inputs.size() == ModelFiles.COLUMNS) {
                return new Question(model, "row", List.of(ModelFiles.COLUMNS), true); // prepared, not column by column
            }
            List<Integer> shape = new ArrayList<>();
            inputs.get(0).path("shape").forEach(size -> shape.add(size.asInt()));
            return new Question(
                    model, inputs.get(0).path("name").asText(), shape.subList(1, shape.size()), !model.equals("onnx"));
        }
    }

    int values() {
        return shape.stream().reduce(1, (a, b) -> a * b);
    }

    String path() {
        return "/v2/models/" + model + "/infer";
    }

    private List<Integer> shapeOf(int rows) {
        List<Integer> all = new ArrayList<>(List.of(rows));
        all.addAll(shape);
        return all;
    }

    byte[] json(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        StringBuilder text = new StringBuilder("{\"inputs\":[{\"name\":\"" + input + "\",\"shape\":" + shapeOf(rows)
                + ",\"datatype\":\"FP32\",\"data\":[");
        for (int i = 0; i < rows * values(); i++) {
            text.append(i == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.4f", random.nextDouble()));
        }
        return text.append("]}]}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The front of {@link #binary}, in JSON. */
    byte[] front(int rows) {
        return ("{\"inputs\":[{\"name\":\"" + input + "\",\"shape\":" + shapeOf(rows)
                        + ",\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":" + 4 * rows * values()
                        + "}}],\"parameters\":{\"binary_data_output\":true}}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    byte[] binary(int rows) {
        byte[] front = front(rows);
        return ByteBuffer.allocate(front.length + 4 * rows * values())
                .put(front)
                .put(raw(rows))
                .array();
    }

    private byte[] raw(int rows) {
        SplittableRandom random = new SplittableRandom(rows);
        ByteBuffer values = ByteBuffer.allocate(4 * rows * values()).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            values.putFloat((float) random.nextDouble());
        }
        return values.array();
    }

    ModelInferRequest grpc(int rows) {
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName(input)
                        .setDatatype("FP32")
                        .addAllShape(
                                shapeOf(rows).stream().map(Integer::longValue).toList()))
                .addRawInputContents(ByteString.copyFrom(raw(rows)))
                .build();
    }

    /** What is wrong with the values of an answer; null if nothing is. */
    @Nullable
    String wrong(ByteBuffer outputs, int rows) {
        ByteBuffer values = outputs.order(ByteOrder.LITTLE_ENDIAN);
        if (values.remaining() == 0 || values.remaining() % (4 * rows) != 0) {
            return values.remaining() + " bytes for " + rows + " rows";
        }
        int each = values.remaining() / 4 / rows;
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = 0; i < each; i++) {
                sum += values.getFloat();
            }
            if (Double.isNaN(sum) || sumsToOne && Math.abs(sum - 1) > 1e-3) {
                return "a row that adds up to " + sum;
            }
        }
        return null;
    }

    /** A picture of digits' size. @param format png or jpg */
    static byte[] picture(String format) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 28 * 28; i++) {
            image.getRaster().setSample(i % 28, i / 28, 0, random.nextInt(256));
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }
}
