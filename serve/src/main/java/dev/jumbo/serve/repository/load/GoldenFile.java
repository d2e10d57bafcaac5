package dev.jumbo.serve.repository.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.limits.Limits;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.wire.InferJson;
import dev.jumbo.serve.wire.InferReader;
import dev.jumbo.train.answer.RowOutputs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Requests with the answers that a version has to give before anybody is answered by it: {@code golden.json} in its directory, a list of
 * {@code {"request": ..., "response": ...}} as they go to and come from {@code infer}, so that {@code curl} records them.
 */
final class GoldenFile {
    /** How far a value may be from the recorded one: this much, and this share of the largest value of its output. */
    private static final double TOLERANCE = 1e-3;

    static final String NAME = "golden.json";
    private static final long MAX_BYTES = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper(InferJson.FACTORY);

    private final List<Sample> samples;

    private GoldenFile(List<Sample> samples) {
        this.samples = samples;
    }

    private record Sample(byte[] request, JsonNode outputs) {}

    /** Empty where the directory has none. @throws InputException if it is not what it should be */
    static Optional<GoldenFile> in(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new InputException(NAME + ": expected at most " + MAX_BYTES + " bytes");
            }
            return Optional.of(of(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new FailureException(NAME + ": it cannot be read", e);
        }
    }

    /** What a file holds. @throws InputException if it is not what it should be */
    static GoldenFile of(byte[] json) {
        List<Sample> samples = new ArrayList<>();
        try (JsonParser parser = InferJson.FACTORY.createParser(json)) {
            JsonNode list = JSON.readTree(parser);
            InferJson.expectEnd(parser);
            for (int i = 0; list != null && list.isArray() && i < list.size(); i++) {
                JsonNode request = list.get(i).path("request");
                JsonNode outputs = list.get(i).path("response").path("outputs");
                if (!request.isObject() || !outputs.isArray() || outputs.isEmpty()) {
                    throw new InputException(NAME + ": expected a request and a response with outputs in entry " + i);
                }
                samples.add(new Sample(request.toString().getBytes(StandardCharsets.UTF_8), outputs));
            }
        } catch (IOException e) {
            throw new InputException(NAME + ": " + InferJson.badJson(e).getMessage(), e);
        }
        if (samples.isEmpty()) {
            throw new InputException(
                    NAME + ": expected a list of {\"request\": ..., \"response\": ...} in JSON, one or more");
        }
        return new GoldenFile(samples);
    }

    /** Nanoseconds of the slowest answer. @throws FailureException if the version answers otherwise, saying where */
    long requireAgreement(ServedModel model) {
        long slowest = 0;
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            String at = NAME + ", entry " + i + ": ";
            try {
                ServedModel.Request read = model.read(
                        InferReader.read(model.name(), model.version(), sample.request(), null), Limits.standard());
                long start = System.nanoTime();
                RowOutputs answers = model.compute(read.inputs(), read.rows());
                slowest = Math.max(slowest, System.nanoTime() - start);
                compare(at, model.sent(read, answers), sample.outputs());
            } catch (InputException e) {
                throw new FailureException(at + "the request is refused: " + e.getMessage(), e);
            }
        }
        return slowest;
    }

    private static void compare(String at, List<ServedModel.Sent> answers, JsonNode recorded) {
        for (JsonNode output : recorded) {
            String name = output.path("name").asText();
            int index = answers.stream()
                    .map(answer -> answer.field().name())
                    .toList()
                    .indexOf(name);
            if (index < 0) {
                throw new FailureException(at + "the model has no output \"" + name + "\"");
            }
            List<Double> expected = new ArrayList<>();
            flatten(output.path("data"), expected);
            float[] received = answers.get(index).values();
            if (expected.size() != received.length) {
                throw new FailureException(at + "expected " + expected.size() + " values of \"" + name + "\", received "
                        + received.length);
            }
            double largest = expected.stream().mapToDouble(Math::abs).max().orElse(0);
            for (int i = 0; i < received.length; i++) {
                // Not (x > y): a number that is none is no agreement.
                if (!(Math.abs(received[i] - expected.get(i)) <= TOLERANCE * (1 + largest))) {
                    throw new FailureException(String.format(
                            Locale.ROOT,
                            "%sit disagrees with what was recorded: expected %s of \"%s\" at %d, received %s",
                            at,
                            expected.get(i),
                            name,
                            i,
                            received[i]));
                }
            }
        }
    }

    private static void flatten(JsonNode data, List<Double> into) {
        for (JsonNode value : data) {
            if (value.isArray()) {
                flatten(value, into);
            } else {
                into.add(value.asDouble(Double.NaN));
            }
        }
    }
}
