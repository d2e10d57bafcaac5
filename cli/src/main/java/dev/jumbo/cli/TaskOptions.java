package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.models.evaluate.Harness;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code jumbo evaluate} asks of a language model in the place of a run's data. */
final class TaskOptions {
    @Option(
            names = "--tasks",
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    "Task files of lm-evaluation-harness, with the documents in files: measured in place of the run's"
                            + " data. RUN may be a Hugging Face directory.")
    private List<Path> tasks = List.of();

    @Option(
            names = "--num-fewshot",
            paramLabel = "N",
            description = "Examples before each document; those of the task file if not given.")
    private @Nullable Integer fewshot;

    @Option(names = "--limit", paramLabel = "N", description = "The most documents of a task.")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--fewshot-seed",
            paramLabel = "N",
            description = "By which examples are drawn; ${DEFAULT-VALUE} if not given.")
    private long seed = Harness.SEED;

    @Option(
            names = "--perplexity",
            paramLabel = "FILE",
            description =
                    "A text in UTF-8: its perplexity, in windows of --max-length tokens that begin every --stride.")
    private @Nullable Path text;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "Tokens of a window; the model's context if not given.")
    private @Nullable Integer maxLength;

    @Option(names = "--stride", paramLabel = "N", description = "Tokens between windows; half a window if not given.")
    private @Nullable Integer stride;

    @Option(
            names = "--tokenizer",
            paramLabel = "PATH",
            description = "A tokenizer's folder or file, where the model has none.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where figures of tasks are written as JSON; tasks.json in the run if not given.")
    private @Nullable Path out;

    /** Whether any of it was asked. @throws InputException for an option without what it belongs to */
    boolean isAsked() {
        if (!tasks.isEmpty() && text != null) {
            throw new InputException("expected --tasks or --perplexity, received both");
        }
        require(
                tasks.isEmpty()
                        && (fewshot != null || limit != Integer.MAX_VALUE || out != null || seed != Harness.SEED),
                "--num-fewshot, --limit, --fewshot-seed and --out",
                "--tasks FILE");
        require(
                text == null && (maxLength != null || stride != null),
                "--max-length and --stride",
                "--perplexity FILE");
        require(
                tasks.isEmpty() && text == null && tokenizer != null,
                "--tokenizer",
                "--tasks FILE or --perplexity FILE");
        return !tasks.isEmpty() || text != null;
    }

    private static void require(boolean alone, String options, String with) {
        if (alone) {
            throw new InputException(options + ": expected " + with + " beside them, found none");
        }
    }

    List<Path> tasks() {
        return tasks;
    }

    @Nullable
    Integer fewshot() {
        return fewshot;
    }

    int limit() {
        return limit;
    }

    long seed() {
        return seed;
    }

    @Nullable
    Path text() {
        return text;
    }

    @Nullable
    Integer maxLength() {
        return maxLength;
    }

    @Nullable
    Integer stride() {
        return stride;
    }

    @Nullable
    Path tokenizer() {
        return tokenizer;
    }

    @Nullable
    Path out() {
        return out;
    }
}
