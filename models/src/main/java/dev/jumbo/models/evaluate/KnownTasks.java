package dev.jumbo.models.evaluate;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.IoProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Tasks whose prompts and metrics are known here, for {@code include}; what they lack is the documents. */
public final class KnownTasks {
    /** Their names. */
    public static final List<String> NAMES = List.of(
            "arc_challenge",
            "arc_easy",
            "boolq",
            "gsm8k",
            "hellaswag",
            "lambada_openai",
            "perplexity",
            "piqa",
            "winogrande");

    private KnownTasks() {}

    /** The file of a task; empty if it is not known. */
    static Optional<String> yaml(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        try (InputStream file = KnownTasks.class.getResourceAsStream("tasks/" + name + ".yaml")) {
            if (file == null) {
                throw new FailureException(
                        "expected the task " + name + " in this program, found none: it is not built whole");
            }
            return Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new FailureException("cannot read the task " + name + ": " + IoProblem.of(e), e);
        }
    }
}
