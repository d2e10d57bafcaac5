package dev.jumbo.serve.repository.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of canaries, in a file that outlives the server: {@code serve.repository.state_file}. It is written whole, under another name
 * first, whenever something of it changes. Guarded by the repository's lock.
 */
public final class CanaryOutcomes {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryOutcomes.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final @Nullable Path file;
    private final Map<String, CanaryOutcome> outcomes = new TreeMap<>();

    /**
     * Reads what is there.
     *
     * @param name null to keep nothing
     * @throws InputException if the file is there and is none of these, or cannot be written
     */
    public CanaryOutcomes(@Nullable String name) {
        file = name == null ? null : Path.of(name);
        if (file == null) {
            return;
        }
        try {
            if (Files.exists(file)) {
                JsonNode models = JSON.readTree(Files.readString(file)).path("models");
                require(models.isObject());
                for (Map.Entry<String, JsonNode> model : models.properties()) {
                    outcomes.put(model.getKey(), read(model.getValue()));
                }
            }
            write(file); // what cannot be written later is better known now
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static InputException unreadable(Path file, IOException cause) {
        return new InputException(
                "serve.repository.state_file: expected a file that this server has written, or a place for one, at "
                        + file
                        + " (" + cause.getClass().getSimpleName().replace("Exception", "") + ")"
                        + "; name another file, or delete this one to forget what was rolled back",
                cause);
    }

    private static void require(boolean right) throws IOException {
        if (!right) {
            throw new InvalidObjectException("other JSON than was written");
        }
    }

    private static CanaryOutcome read(JsonNode outcome) throws IOException {
        require(outcome.path("settings").isTextual());
        return new CanaryOutcome(
                outcome.path("settings").asText(),
                outcome.path("promoted").textValue(),
                outcome.path("rolled_back").textValue(),
                outcome.path("content").asText(),
                outcome.path("reason").asText());
    }

    /** What came of a model's canary; null if there was none, or it is under way. */
    public @Nullable CanaryOutcome of(String model) {
        return outcomes.get(model);
    }

    /** @param outcome null to forget it */
    public void keep(String model, @Nullable CanaryOutcome outcome) {
        CanaryOutcome before = outcome == null ? outcomes.remove(model) : outcomes.put(model, outcome);
        if (file == null || (before == null ? outcome == null : before.equals(outcome))) {
            return;
        }
        try {
            write(file);
        } catch (IOException e) {
            LOG.error(
                    "model {}: what came of its canary cannot be kept in {}: {}; a server that is started again begins anew",
                    model,
                    file,
                    e.toString());
        }
    }

    private void write(Path to) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode models = root.putObject("models");
        outcomes.forEach((model, outcome) -> models.putObject(model)
                .put("settings", outcome.settings())
                .put("promoted", outcome.promoted())
                .put("rolled_back", outcome.rolledBack())
                .put("content", outcome.content())
                .put("reason", outcome.reason()));
        Durable.write(to, root.toPrettyString() + "\n");
    }
}
