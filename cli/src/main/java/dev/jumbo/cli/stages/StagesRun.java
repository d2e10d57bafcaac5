package dev.jumbo.cli.stages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.YamlText;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the stages of a file in order. Below the directory there are, for each stage, {@code NAME/} with what it wrote, {@code NAME.yaml} with its
 * configuration, {@code NAME.txt} with what it printed, and, once it is done, {@code NAME.done.json}: a run that goes on passes over what is done.
 */
public final class StagesRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The command line that stages are commands of. */
    public interface Commands {
        /** Whether a verb takes an option beside these arguments and options. @throws InputException if there is no such verb */
        boolean has(List<String> verb, List<String> beside, String option);

        /** Whether a command comes to its end by itself, as a server does not. */
        boolean ends(List<String> verb, List<String> words);

        /** @throws InputException if a command line, or what its file of configuration will hold, is not understood */
        void check(List<String> verb, List<String> words, @Nullable JsonNode config);

        /** @return the exit status; what was printed is in {@code printed} as well */
        int run(List<String> words, StringBuilder printed);
    }

    private final Path directory;
    private final List<Stage> stages;
    private final Commands commands;
    private final Consumer<String> say;

    private StagesRun(Path directory, List<Stage> stages, Commands commands, Consumer<String> say) {
        this.directory = directory;
        this.stages = stages;
        this.commands = commands;
        this.say = say;
    }

    /**
     * Nothing is written yet.
     *
     * @param say takes a line about what is going on
     * @throws InputException for a file that is not understood, in any of its stages
     */
    public static StagesRun of(ConfigDocument document, Path directory, Commands commands, Consumer<String> say) {
        List<Stage> stages = StagesFile.read(document, directory);
        var run = new StagesRun(directory, stages, commands, say);
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            if (i < stages.size() - 1 && !commands.ends(stage.verb(), stage.words())) {
                throw new InputException(stage.origin()
                        + ": expected a command that ends, as others are to run behind it, received a server, which does"
                        + " not: make it the last stage");
            }
            try {
                commands.check(stage.verb(), run.words(stage, false), stage.config());
            } catch (InputException e) {
                throw new InputException(stage.origin() + ": " + e.getMessage(), e);
            }
        }
        return run;
    }

    /**
     * @param resume go on behind the stages that are done
     * @return 0, or the status of the stage that failed, behind which nothing runs
     * @throws InputException if the directory holds such a run and {@code resume} is not said, or a stage that is done was another
     */
    public int run(boolean resume) {
        requirePossible(resume);
        for (Stage stage : stages) {
            if (Files.exists(done(stage))) {
                say.accept(stage.name() + ": done before");
                continue;
            }
            long start = System.nanoTime();
            say.accept(stage.name() + ": jumbo " + String.join(" ", stage.verb()));
            writeConfiguration(stage);
            boolean begun = Files.exists(directory.resolve(stage.name()));
            var printed = new StringBuilder();
            int status = commands.run(words(stage, resume && begun), printed);
            write(file(stage, ".txt"), printed.toString());
            if (status != 0) {
                say.accept(stage.name() + ": failed; once the reason is mended, jumbo run --resume goes on with it");
                return status;
            }
            double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
            JsonNode result = JsonNodeFactory.instance
                    .objectNode()
                    .put("stage", stage.hash())
                    .put("seconds", seconds);
            write(done(stage), result + "\n");
            say.accept(String.format(Locale.ROOT, "%s: done in %.1f s", stage.name(), seconds));
        }
        return 0;
    }

    private void writeConfiguration(Stage stage) {
        if (stage.config() == null) {
            return;
        }
        String yaml = YamlText.yaml(stage.config());
        Path file = file(stage, ".yaml");
        Path begun = directory.resolve(stage.name());
        if (Files.exists(begun) && Files.exists(file) && !read(file).equals(yaml)) {
            throw new InputException(stage.origin() + ": the stage has begun with another config: delete " + begun
                    + " to begin again, or give another --out");
        }
        write(file, yaml);
    }

    private void requirePossible(boolean resume) {
        for (Stage stage : stages) {
            Path done = done(stage);
            if (!Files.exists(done)) {
                continue;
            }
            if (!resume) {
                throw new InputException("the directory " + directory
                        + " already holds a run of stages: give --resume to go on with it, or another --out");
            }
            if (!hash(done).equals(stage.hash())) {
                throw new InputException(
                        stage.origin() + ": the stage is done already and was another one then: delete "
                                + done + " and " + directory.resolve(stage.name())
                                + " to do it again, with those behind it, or give another --out");
            }
        }
    }

    /** The whole command line of a stage. */
    private List<String> words(Stage stage, boolean resume) {
        List<String> words = new ArrayList<>(stage.verb());
        if (stage.config() != null) {
            words.add(file(stage, ".yaml").toString());
        }
        words.addAll(stage.words());
        if (commands.has(stage.verb(), stage.words(), "--out")) {
            words.addAll(List.of("--out", directory.resolve(stage.name()).toString()));
        }
        if (resume && commands.has(stage.verb(), stage.words(), "--resume")) {
            words.add("--resume");
        }
        return words;
    }

    private Path file(Stage stage, String end) {
        return directory.resolve(stage.name() + end);
    }

    private Path done(Stage stage) {
        return file(stage, ".done.json");
    }

    private static String hash(Path done) {
        try {
            return JSON.readTree(read(done)).path("stage").asText();
        } catch (JsonProcessingException e) {
            throw new InputException(
                    done + ": expected what a finished stage writes, received other text: delete it", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Durable.write(file, text);
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
    }
}
