package dev.jumbo.models.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.error.Shown;
import dev.jumbo.files.NamedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@link TaskFile}s. */
final class TaskReader {
    private static final int DEEPEST = 10;
    private static final int STANDARD_GEN_TOKS = 256;

    /** Keys that are read. */
    private static final Set<String> READ = Set.of(
            "task",
            "include",
            "output_type",
            "dataset_path",
            "dataset_kwargs",
            "training_split",
            "validation_split",
            "test_split",
            "fewshot_split",
            "fewshot_config",
            "num_fewshot",
            "doc_to_text",
            "doc_to_target",
            "doc_to_choice",
            "description",
            "target_delimiter",
            "fewshot_delimiter",
            "metric_list",
            "generation_kwargs",
            "filter_list",
            "repeats",
            "metadata");

    /** Keys that change no figure. */
    private static final Set<String> PASSED = Set.of(
            "tag", "group", "task_alias", "dataset_name", "should_decontaminate", "doc_to_decontamination_query");

    private final Path file;
    private final TaskKeys keys;

    TaskReader(Path file) {
        this.file = file;
        keys = new TaskKeys(file + ": ", whole(file, 0));
    }

    private ObjectNode whole(Path from, int depth) {
        return included(
                document(from.toString(), YamlFile.read(from).tree()),
                from.toAbsolutePath().getParent(),
                depth);
    }

    private static ObjectNode document(String name, JsonNode read) {
        if (read instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new InputException(name + ": expected a mapping of keys of a task, received " + Shown.begin(read));
    }

    /** With what it includes where it says nothing itself. */
    private ObjectNode included(ObjectNode own, @Nullable Path folder, int depth) {
        if (!own.has("include")) {
            return own;
        }
        String name = own.get("include").asText();
        if (depth >= DEEPEST) {
            throw new InputException(file + ": include: expected files that include no more than " + DEEPEST
                    + " others, received one that goes on with " + Shown.begin(name));
        }
        ObjectNode base;
        Path other = NamedFiles.at(folder, name, file + ": include");
        if (Files.isRegularFile(other)) {
            base = whole(other, depth + 1);
        } else {
            String known = KnownTasks.yaml(name)
                    .orElseThrow(() -> new InputException(
                            file + ": include: expected a file or one of " + KnownTasks.NAMES + ", received "
                                    + Shown.begin(name) + Nearest.hint(name, Set.copyOf(KnownTasks.NAMES))));
            base = document(name, YamlFile.parse(name + ".yaml", known).tree());
        }
        ObjectNode all = base.deepCopy();
        all.remove("include");
        own.fields().forEachRemaining(entry -> all.set(entry.getKey(), entry.getValue()));
        all.remove("include");
        return all;
    }

    TaskFile read() {
        keys.requireKnown(READ, PASSED);
        OutputType type = type();
        TaskKeys shots = keys.mapping("fewshot_config");
        shots.requireKnown(Set.of("sampler", "split", "samples"), Set.of());
        String sampler = shots.text("sampler", "default");
        if (!sampler.equals("default") && !sampler.equals("first_n")) {
            throw wrong("fewshot_config: sampler: expected default or first_n, received " + Shown.begin(sampler));
        }
        List<Document> samples = shots.mappings("samples").stream()
                .map(one -> Document.of(one.tree(), file + ": fewshot_config: samples"))
                .toList();
        TaskKeys generation = keys.mapping("generation_kwargs");
        String delimiter = keys.text("fewshot_delimiter", "\n\n");
        if (keys.whole("repeats", 1, 1) != 1) {
            throw wrong("repeats: expected 1, received " + Shown.begin(keys.get("repeats")));
        }
        DocField choices = field("doc_to_choice");
        if (type == OutputType.MULTIPLE_CHOICE && choices == null) {
            throw wrong("expected doc_to_choice of a task of multiple_choice, found none");
        }
        return new TaskFile(
                keys.text("task", String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "")),
                type,
                file.toAbsolutePath().getParent(),
                files(),
                keys.textOrNull("training_split"),
                keys.textOrNull("validation_split"),
                keys.textOrNull("test_split"),
                shots.has("split") ? shots.textOrNull("split") : keys.textOrNull("fewshot_split"),
                samples,
                sampler.equals("first_n"),
                keys.whole("num_fewshot", 0, 0),
                required("doc_to_text"),
                required("doc_to_target"),
                choices,
                keys.text("description", "").isEmpty() ? null : field("description"),
                keys.text("target_delimiter", " "),
                delimiter,
                metrics(type),
                until(generation, delimiter),
                genToks(generation),
                filters(type),
                keys.mapping("metadata").text("version", "1"));
    }

    private InputException wrong(String what) {
        return keys.wrong(what);
    }

    private OutputType type() {
        String said = keys.text("output_type", "generate_until");
        for (OutputType type : OutputType.values()) {
            if (type.label().equals(said)) {
                return type;
            }
        }
        throw wrong(
                "output_type: expected multiple_choice, loglikelihood, loglikelihood_rolling or generate_until, received "
                        + Shown.begin(said));
    }

    private Map<String, List<String>> files() {
        TaskKeys arguments = keys.mapping("dataset_kwargs");
        JsonNode named = arguments.get("data_files");
        Map<String, List<String>> files = new LinkedHashMap<>();
        if (named.isTextual() || named.isArray()) {
            files.put("train", arguments.texts("data_files")); // As the datasets library calls what has no name.
        } else {
            TaskKeys splits = arguments.mapping("data_files");
            named.fieldNames().forEachRemaining(split -> files.put(split, splits.texts(split)));
        }
        if (files.isEmpty()) {
            throw wrong(
                    "expected dataset_kwargs: {data_files: {SPLIT: FILE}} with the documents, found none: nothing is"
                            + " fetched from a hub");
        }
        return files;
    }

    private @Nullable DocField field(String key) {
        if (!keys.has(key)) {
            return null;
        }
        try {
            return DocField.of(key, keys.get(key));
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    private DocField required(String key) {
        DocField field = field(key);
        if (field == null) {
            throw wrong("expected the key " + key + ", found none");
        }
        return field;
    }

    private List<TaskMetric> metrics(OutputType type) {
        List<TaskMetric> metrics = new ArrayList<>();
        for (TaskKeys one : keys.mappings("metric_list")) {
            TaskMetric metric = TaskMetric.of(one, type);
            if (metrics.stream().anyMatch(other -> other.name().equals(metric.name()))) {
                throw one.wrong("expected each metric once, received another " + Shown.begin(metric.name()));
            }
            metrics.add(metric);
        }
        return metrics.isEmpty() ? TaskMetric.standard(type) : metrics;
    }

    private static List<String> until(TaskKeys generation, String delimiter) {
        generation.requireKnown(
                Set.of("until", "max_gen_toks", "max_new_tokens", "max_tokens", "do_sample", "temperature"), Set.of());
        if (generation.flag("do_sample") || generation.get("temperature").asDouble() > 0) {
            throw generation.wrong("expected greedy answers (do_sample: false, temperature: 0), received "
                    + Shown.begin(generation.tree()));
        }
        return generation.tree().has("until") ? generation.texts("until") : List.of(delimiter);
    }

    private static int genToks(TaskKeys generation) {
        for (String key : List.of("max_gen_toks", "max_new_tokens", "max_tokens")) {
            if (generation.has(key)) {
                return generation.whole(key, 1, STANDARD_GEN_TOKS);
            }
        }
        return STANDARD_GEN_TOKS;
    }

    private List<AnswerFilter> filters(OutputType type) {
        List<AnswerFilter> filters = new ArrayList<>();
        for (TaskKeys one : keys.mappings("filter_list")) {
            if (type != OutputType.GENERATE_UNTIL) {
                throw one.wrong("expected filters of generate_until alone, received them of " + type.label());
            }
            AnswerFilter filter = AnswerFilter.of(one);
            if (filters.stream().anyMatch(other -> other.name().equals(filter.name()))) {
                throw one.wrong("expected each name once, received another " + Shown.begin(filter.name()));
            }
            filters.add(filter);
        }
        return filters.isEmpty() ? List.of(AnswerFilter.NONE) : filters;
    }
}
