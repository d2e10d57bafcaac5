package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import dev.jumbo.models.evaluate.Harness;
import dev.jumbo.models.evaluate.TaskFile;
import dev.jumbo.models.evaluate.TaskResult;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.models.generate.TextScorer;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.corpus.TextContent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures a language model on tasks, or on a text.
 *
 * @param directory of a run, or as Hugging Face writes it
 * @param checkpoint of a run
 * @param say for people
 */
record EvaluateTasks(Path directory, RunFolder.Choice checkpoint, TaskOptions options, Consumer<String> say) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String ROW = "%-20s %-8s %-18s %6s  %-16s %12s  %10s%n";

    private TextGenerator open() {
        Path named = options.tokenizer();
        TokenizerConfig tokenizer = named == null ? null : PretrainedTokens.of(named);
        if (RunFolder.isRun(directory) || !HuggingFace.isOne(directory)) {
            return TextGenerator.open(RunFolder.open(directory, List.of()).checkpoint(checkpoint), tokenizer);
        }
        return TextGenerator.open(directory, tokenizer);
    }

    /** What is to be printed as JSON, and a table of it. */
    record Answer(ObjectNode json, String table) {}

    Answer run() {
        Path text = options.text();
        return text == null ? tasks() : perplexity(text);
    }

    private Answer perplexity(Path file) {
        String text = TextContent.read(file);
        try (TextGenerator model = open()) {
            TextScorer scorer = model.scorer();
            int window = Objects.requireNonNullElse(options.maxLength(), model.context());
            int stride = Objects.requireNonNullElse(options.stride(), Math.max(1, window / 2));
            TextScorer.Strided strided = scorer.strided(text, window, stride);
            double nats = Math.log(strided.perplexity()) * strided.tokens();
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            double bits = nats / bytes / Math.log(2);
            ObjectNode json = JSON.objectNode();
            json.put("model", directory.toString()).put("text", file.toString());
            json.put("max_length", window).put("stride", stride).put("tokens", strided.tokens());
            json.put("perplexity", strided.perplexity()).put("bits_per_byte", bits);
            return new Answer(
                    json,
                    String.format(
                            Locale.ROOT,
                            "perplexity %.4f, %.4f bits per byte: %,d tokens, %,d bytes, windows of %d every %d tokens%n",
                            strided.perplexity(),
                            bits,
                            strided.tokens(),
                            bytes,
                            window,
                            stride));
        }
    }

    private Answer tasks() {
        List<TaskFile> tasks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path file : options.tasks()) {
            TaskFile read = TaskFile.read(file);
            if (!names.add(read.name())) {
                throw new InputException(file + ": expected another name of the task, as two are \"" + read.name()
                        + "\"; write task: NAME");
            }
            Integer fewshot = options.fewshot();
            tasks.add(fewshot == null ? read : read.withFewshot(fewshot));
        }
        List<TaskResult> results = new ArrayList<>();
        try (TextGenerator model = open()) {
            for (TaskFile task : tasks) {
                results.add(new Harness(model, options.seed(), options.limit(), done -> {}).run(task));
            }
        }
        Answer answer = new Answer(json(results), table(results));
        for (TaskResult result : results) {
            if (result.cut() > 0) {
                say.accept(result.task() + ": " + result.cut()
                        + " prompts did not fit into the model's context and lost their first tokens");
            }
        }
        return answer;
    }

    /** Writes the figures of tasks, where they go into a file. */
    void write(Answer answer) {
        Path out = options.out() != null
                ? options.out()
                : options.text() == null && RunFolder.isRun(directory) ? directory.resolve("tasks.json") : null;
        if (out != null) {
            Output.write(out, answer.json().toPrettyString() + "\n");
            say.accept("written to " + out);
        }
    }

    /** Under the keys of lm-evaluation-harness. */
    private ObjectNode json(List<TaskResult> results) {
        ObjectNode all = JSON.objectNode();
        all.put("model", directory.toString());
        ObjectNode figures = all.putObject("results");
        ObjectNode versions = all.putObject("versions");
        ObjectNode shots = all.putObject("n-shot");
        ObjectNode samples = all.putObject("n-samples");
        ObjectNode cut = all.putObject("cut-prompts");
        ObjectNode higher = all.putObject("higher_is_better");
        for (TaskResult result : results) {
            ObjectNode of = figures.putObject(result.task());
            ObjectNode better = higher.putObject(result.task());
            for (TaskResult.Figure figure : result.figures()) {
                of.put(figure.metric() + "," + figure.filter(), figure.value());
                of.put(figure.metric() + "_stderr," + figure.filter(), figure.standardError());
                better.put(figure.metric(), figure.higherIsBetter());
            }
            versions.put(result.task(), result.version());
            shots.put(result.task(), result.fewshot());
            samples.put(result.task(), result.documents());
            cut.put(result.task(), result.cut());
        }
        all.putObject("config").put("fewshot_seed", options.seed());
        return all;
    }

    private static String table(List<TaskResult> results) {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, ROW, "task", "version", "filter", "n-shot", "metric", "value", "stderr"));
        for (TaskResult result : results) {
            for (TaskResult.Figure figure : result.figures()) {
                Double error = figure.standardError();
                table.append(String.format(
                        Locale.ROOT,
                        ROW,
                        result.task(),
                        result.version(),
                        figure.filter(),
                        result.fewshot(),
                        figure.metric(),
                        String.format(Locale.ROOT, "%.4f", figure.value()),
                        error == null ? "" : String.format(Locale.ROOT, "%.4f", error)));
            }
        }
        return table.toString();
    }
}
