package dev.jumbo.train.callbacks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code metrics.jsonl} in the run's directory: a line per event.
 *
 * <pre>{@code
 * {"event":"step","step":50,"epoch":0,"seconds":1.25,"loss":0.71,"learning_rate":0.001,"examples_per_second":2480.5,"peak_share":0.31}
 * {"event":"epoch","step":750,"epoch":0,"seconds":17.5,"loss":0.41,"val_accuracy":0.97}
 * {"event":"stop","step":750,"epoch":1,"seconds":17.6,"reason":"val_loss has not improved for 5 epochs"}
 * }</pre>
 *
 * Seconds count from the start of training. Values that are not finite are {@code null}. Each line is with the operating
 * system before training goes on. When a run is resumed, the lines after its checkpoint are cut, so that no event
 * appears twice.
 */
public final class JsonLinesLog implements Callback {
    public static final String FILE = "metrics.jsonl";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final @Nullable Path given;
    private final int everySteps;
    private @Nullable Writer writer;
    private double secondsBefore;
    private long examplesBefore;

    private JsonLinesLog(@Nullable Path file, int everySteps) {
        if (everySteps < 0) {
            throw new InputException("expected a line every 1 or more steps, or 0 for none, received " + everySteps);
        }
        this.given = file;
        this.everySteps = everySteps;
    }

    /** In the run's directory; nothing is written where the run has none. @param everySteps steps between lines, 0 for epochs only */
    public static JsonLinesLog every(int everySteps) {
        return new JsonLinesLog(null, everySteps);
    }

    /** To a file of the caller's choice. */
    public static JsonLinesLog to(Path file, int everySteps) {
        return new JsonLinesLog(file, everySteps);
    }

    @Override
    public boolean onFirstWorkerOnly() {
        return true;
    }

    @Override
    public void onStart(TrainingState state) {
        secondsBefore = state.seconds();
        examplesBefore = state.examples();
        Path directory = state.directory();
        Path file = given != null ? given : directory == null ? null : directory.resolve(FILE);
        if (file == null) {
            return;
        }
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (Files.exists(file)) {
                cut(file, state.step(), state.epoch());
            }
            // No channel, which an interrupt of the training thread would close.
            writer = new OutputStreamWriter(new FileOutputStream(file.toFile(), true), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new FailureException("cannot write the log " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void onStep(TrainingState state) {
        if (everySteps > 0 && state.step() % everySteps == 0) {
            ObjectNode line = event("step", state);
            put(line, "loss", state.loss());
            put(line, "learning_rate", state.learningRate());
            if (!Double.isNaN(state.gradientNorm())) {
                put(line, "gradient_norm", state.gradientNorm());
            }
            rate(line, state);
            write(line);
        }
    }

    /** Examples, and tokens where there are some, a second since the line before; validation and checkpoints included. */
    private void rate(ObjectNode line, TrainingState state) {
        double seconds = state.seconds() - secondsBefore;
        long examples = state.examples() - examplesBefore;
        secondsBefore = state.seconds();
        examplesBefore = state.examples();
        if (seconds > 0 && examples > 0) {
            line.put("examples_per_second", Math.round(10 * examples / seconds) / 10.0);
            double share = examples * state.flopsPerExample() / seconds / state.peakFlops();
            if (share > 0 && share < Double.POSITIVE_INFINITY) {
                line.put("peak_share", Math.round(1e4 * share) / 1e4);
            }
            if (state.tokensPerExample() > 0) {
                line.put("tokens_per_second", Math.round(examples * state.tokensPerExample() / seconds));
            }
        }
    }

    @Override
    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
        ObjectNode line = event("epoch", state);
        metrics.forEach((name, value) -> put(line, name, value));
        write(line);
    }

    @Override
    public void onEnd(TrainingState state) {
        if (state.stopReason() != null) {
            write(event("stop", state).put("reason", state.stopReason()));
        }
    }

    @Override
    public void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw new FailureException("cannot finish the log: " + e.getMessage(), e);
            }
            writer = null;
        }
    }

    private static ObjectNode event(String name, TrainingState state) {
        return JSON.createObjectNode()
                .put("event", name)
                .put("step", state.step())
                .put("epoch", state.epoch())
                .put("seconds", Math.round(state.seconds() * 1e3) / 1e3);
    }

    private static void put(ObjectNode line, String name, double value) {
        if (Double.isFinite(value)) {
            line.put(name, value);
        } else {
            line.putNull(name);
        }
    }

    private void write(ObjectNode line) {
        if (writer != null) {
            try {
                writer.write(JSON.writeValueAsString(line) + "\n");
                writer.flush();
            } catch (IOException e) {
                throw new FailureException("cannot write the log: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Cuts the file before the first line that the resumed run will write again: a step after the checkpoint's, or an
     * epoch that the checkpoint has not finished; also before a line that was only half written.
     */
    private static void cut(Path file, long step, int epoch) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int kept = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                String line = new String(bytes, kept, end - kept, StandardCharsets.UTF_8);
                if (!happenedBefore(line, step, epoch)) {
                    break;
                }
                kept = end + 1;
            }
        }
        if (kept < bytes.length) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(kept);
            }
        }
    }

    private static boolean happenedBefore(String line, long step, int epoch) {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return false;
        }
        return event.path("step").asLong(Long.MAX_VALUE) <= step
                && (!event.path("event").asText().equals("epoch")
                        || event.path("epoch").asInt(Integer.MAX_VALUE) < epoch);
    }
}
