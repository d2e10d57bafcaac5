package dev.jumbo.serve.v2;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies that a model could be asked with, one of each kind that it takes: what they say does not matter, how they are read does. */
final class RehearsalBodies {
    private static final int STEPS = 8;

    /** Of larger examples one takes longer than what is warmed up around it. */
    private static final long MOST_VALUES = 1 << 19;

    /** Numbers as callers write them: digits before and behind the point are read by other code than a 0. */
    private static final String[] NUMBERS = {"17.25", "-0.8125", "203", "0", "1.5e-3", "0.33333334"};

    /**
     * A request.
     *
     * @param call {@code infer} or {@code predict}
     * @param jsonLength the header of V2 for binary data, or null
     */
    record Ask(
            String call, String type, byte[] body, @Nullable String jsonLength) {
        private static Ask predict(String json) {
            return new Ask("predict", "application/json", bytes(json), null);
        }

        boolean isInfer() {
            return call.equals("infer");
        }

        boolean isJson() {
            return type.equals("application/json");
        }

        /** As HTTP/1.1 sends it. */
        byte[] http(ServedModel model, String authorization) {
            byte[] head = bytes("POST /v2/models/" + model.name() + "/versions/" + model.version() + "/" + call
                    + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization + "\r\nContent-Type: " + type
                    + (jsonLength == null ? "" : "\r\nInference-Header-Content-Length: " + jsonLength)
                    + "\r\nContent-Length: " + body.length + "\r\n\r\n");
            byte[] whole = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, whole, head.length, body.length);
            return whole;
        }
    }

    private RehearsalBodies() {}

    static List<Ask> of(ServedModel model) {
        RowReader table = model.predictor().rows();
        if (table != null) {
            String nulls = table.columns().stream()
                    .map(column -> quoted(column) + ":null")
                    .reduce((a, b) -> a + "," + b)
                    .orElse("");
            return List.of(Ask.predict("{" + nulls + "}"), Ask.predict("{" + nulls.replace("null", "0") + "}"));
        }
        long values = model.inputs().stream()
                .mapToLong(field -> Shape.of(shape(field)).elements())
                .sum();
        if (values > MOST_VALUES) {
            return List.of();
        }
        List<Ask> asks = new ArrayList<>(tensors(model));
        Field first = model.inputs().get(0);
        if (model.inputs().size() == 1 && isPicture(first)) {
            asks.add(new Ask("predict", "image/png", Images.png(new float[first.elements()], first.shape()), null));
        }
        if (model.inputs().size() == 1 && first.meaning() instanceof Meaning.Text) {
            asks.add(Ask.predict("{" + quoted(first.name()) + ":\"a text\"}"));
        }
        return asks;
    }

    /** Every input in JSON, and as binary data. */
    private static List<Ask> tensors(ServedModel model) {
        StringBuilder json = new StringBuilder();
        StringBuilder heads = new StringBuilder();
        int binary = 0;
        for (Field field : model.inputs()) {
            long[] shape = shape(field);
            int values = Math.toIntExact(Shape.of(shape).elements());
            Datatype type = Datatype.of(field);
            String head = "{\"name\":" + quoted(field.name()) + ",\"datatype\":\"" + type + "\",\"shape\":"
                    + Arrays.toString(shape);
            json.append(json.isEmpty() ? "" : ",").append(head).append(",\"data\":[");
            for (int i = 0; i < values; i++) {
                json.append(i == 0 ? "" : ",");
                json.append(field.isBytes() ? "\"YQ==\"" : type.isFloating() ? NUMBERS[i % NUMBERS.length] : "0");
            }
            json.append("]}");
            int size = values * (field.isBytes() ? 4 : type.bytes());
            binary += size;
            heads.append(heads.isEmpty() ? "" : ",").append(head);
            heads.append(",\"parameters\":{\"binary_data_size\":").append(size).append("}}");
        }
        byte[] head = bytes("{\"inputs\":[" + heads + "],\"parameters\":{\"binary_data_output\":true}}");
        return List.of(
                new Ask("infer", "application/json", bytes("{\"inputs\":[" + json + "]}"), null),
                new Ask(
                        "infer",
                        "application/octet-stream",
                        Arrays.copyOf(head, head.length + binary),
                        Integer.toString(head.length)));
    }

    private static boolean isPicture(Field field) {
        return !field.isBytes()
                && field.shape().rank() == 3
                && (field.shape().size(0) == 1 || field.shape().size(0) == 3);
    }

    /** Of one example. */
    private static long[] shape(Field field) {
        if (field.isBytes()) {
            return new long[] {1};
        }
        long[] shape = field.shape().prepend(1).toArray();
        if (field.isRagged()) {
            shape[1] = Math.min(shape[1], STEPS);
        }
        return shape;
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
