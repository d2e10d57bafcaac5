package dev.jumbo.models.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.YamlFile;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private final ObjectNode tree;

    TaskReader(Path file) {
        this.file = file;
        tree = whole(file, 0);
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
        throw new InputException(name + ": expected a mapping of keys of a task, received " + DocField.shown(read));
    }

    /** With what it includes where it says nothing itself. */
    private ObjectNode included(ObjectNode own, @Nullable Path folder, int depth) {
        if (!own.has("include")) {
            return own;
        }
        String name = own.get("include").asText();
        if (depth >= DEEPEST) {
            throw new InputException(file + ": include: expected files that include no more than " + DEEPEST
                    + " others, received one that goes on with " + name);
        }
        ObjectNode base;
        Path other = folder == null ? Path.of(name) : folder.resolve(name);
        if (Files.isRegularFile(other)) {
            base = whole(other, depth + 1);
        } else {
            String known = KnownTasks.yaml(name)
                    .orElseThrow(
                            () -> new InputException(file + ": include: expected a file or one of " + KnownTasks.NAMES
                                    + ", received " + name + Nearest.hint(name, Set.copyOf(KnownTasks.NAMES))));
            base = document(name, YamlFile.parse(name + ".yaml", known).tree());
        }
        ObjectNode all = base.deepCopy();
        all.remove("include");
        own.fields().forEachRemaining(entry -> all.set(entry.getKey(), entry.getValue()));
        all.remove("include");
        return all;
    }

    TaskFile read() {
        requireKnown(tree, READ, PASSED, "");
        OutputType type = type();
        JsonNode shots = tree.path("fewshot_config");
        requireKnown(shots, Set.of("sampler", "split", "samples"), Set.of(), "fewshot_config: ");
        String sampler = text(shots, "sampler", "default");
        if (!sampler.equals("default") && !sampler.equals("first_n")) {
            throw wrong("fewshot_config: sampler: expected default or first_n, received " + sampler);
        }
        List<Document> samples = new ArrayList<>();
        shots.path("samples").forEach(one -> samples.add(Document.of(one, file + ": fewshot_config: samples")));
        JsonNode generation = tree.path("generation_kwargs");
        String delimiter = text(tree, "fewshot_delimiter", "\n\n");
        if (tree.path("repeats").asInt(1) != 1) {
            throw wrong("repeats: expected 1, received " + tree.get("repeats"));
        }
        DocField choices = field("doc_to_choice");
        if (type == OutputType.MULTIPLE_CHOICE && choices == null) {
            throw wrong("expected doc_to_choice of a task of multiple_choice, found none");
        }
        return new TaskFile(
                text(tree, "task", String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "")),
                type,
                file.toAbsolutePath().getParent(),
                files(),
                textOrNull(tree, "training_split"),
                textOrNull(tree, "validation_split"),
                textOrNull(tree, "test_split"),
                textOrNull(shots, "split") == null ? textOrNull(tree, "fewshot_split") : textOrNull(shots, "split"),
                samples,
                sampler.equals("first_n"),
                count("num_fewshot", 0),
                required("doc_to_text"),
                required("doc_to_target"),
                choices,
                tree.path("description").asText().isEmpty() ? null : field("description"),
                text(tree, "target_delimiter", " "),
                delimiter,
                metrics(type),
                until(generation, delimiter),
                genToks(generation),
                filters(type),
                tree.path("metadata").path("version").asText("1"));
    }

    private InputException wrong(String what) {
        return new InputException(file + ": " + what);
    }

    private void requireKnown(JsonNode mapping, Set<String> read, Set<String> passed, String where) {
        Set<String> all = new TreeSet<>(read);
        all.addAll(passed);
        mapping.fields().forEachRemaining(entry -> {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            boolean says =
                    !(value.isNull() || (value.isTextual() && value.textValue().isEmpty()));
            if (!all.contains(key) && says) {
                throw wrong(
                        where + "key " + key + " is not known here" + Nearest.hint(key, all) + "; known are " + all);
            }
        });
    }

    private OutputType type() {
        String said = text(tree, "output_type", "generate_until");
        for (OutputType type : OutputType.values()) {
            if (type.label().equals(said)) {
                return type;
            }
        }
        throw wrong(
                "output_type: expected multiple_choice, loglikelihood, loglikelihood_rolling or generate_until, received "
                        + said);
    }

    private Map<String, List<String>> files() {
        JsonNode named = tree.path("dataset_kwargs").path("data_files");
        Map<String, List<String>> files = new LinkedHashMap<>();
        named.fields().forEachRemaining(entry -> files.put(entry.getKey(), texts(entry.getValue())));
        if (named.isTextual() || named.isArray()) {
            files.put("train", texts(named)); // As the datasets library calls what has no name.
        }
        if (files.isEmpty()) {
            throw wrong(
                    "expected dataset_kwargs: {data_files: {SPLIT: FILE}} with the documents, found none: nothing is"
                            + " fetched from a hub");
        }
        return files;
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(one -> texts.add(one.asText()));
        } else {
            texts.add(node.asText());
        }
        return texts;
    }

    private static String text(JsonNode of, String key, String standard) {
        JsonNode value = of.path(key);
        return value.isMissingNode() || value.isNull() ? standard : value.asText();
    }

    private static @Nullable String textOrNull(JsonNode of, String key) {
        JsonNode value = of.path(key);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    private int count(String key, int standard) {
        JsonNode value = tree.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return standard;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw wrong(key + ": expected a whole number of 0 or more, received " + value);
        }
        return value.intValue();
    }

    private @Nullable DocField field(String key) {
        JsonNode value = tree.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        try {
            return DocField.of(key, value);
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
        for (JsonNode one : tree.path("metric_list")) {
            requireKnown(
                    one,
                    Set.of("metric", "regexes_to_ignore", "ignore_case", "ignore_punctuation", "ignore_numbers"),
                    Set.of("aggregation", "higher_is_better"),
                    "metric_list: ");
            try {
                TaskMetric metric = new TaskMetric(
                        text(one, "metric", ""),
                        one.has("regexes_to_ignore") ? texts(one.get("regexes_to_ignore")) : List.of(),
                        one.path("ignore_case").asBoolean(),
                        one.path("ignore_punctuation").asBoolean(),
                        one.path("ignore_numbers").asBoolean());
                metric.require(type);
                metrics.add(metric);
            } catch (InputException e) {
                throw new InputException(file + ": " + e.getMessage(), e);
            }
        }
        return metrics.isEmpty() ? TaskMetric.standard(type) : metrics;
    }

    private List<String> until(JsonNode generation, String delimiter) {
        requireKnown(
                generation,
                Set.of("until", "max_gen_toks", "max_new_tokens", "max_tokens", "do_sample", "temperature"),
                Set.of(),
                "generation_kwargs: ");
        if (generation.path("do_sample").asBoolean()
                || generation.path("temperature").asDouble() > 0) {
            throw wrong("generation_kwargs: expected greedy answers (do_sample: false, temperature: 0), received "
                    + generation);
        }
        return generation.has("until") ? texts(generation.get("until")) : List.of(delimiter);
    }

    private int genToks(JsonNode generation) {
        for (String key : List.of("max_gen_toks", "max_new_tokens", "max_tokens")) {
            if (generation.has(key)) {
                int most = generation.get(key).asInt();
                if (most < 1) {
                    throw wrong("generation_kwargs: " + key + ": expected 1 or more, received " + generation.get(key));
                }
                return most;
            }
        }
        return STANDARD_GEN_TOKS;
    }

    private List<AnswerFilter> filters(OutputType type) {
        List<AnswerFilter> filters = new ArrayList<>();
        for (JsonNode one : tree.path("filter_list")) {
            if (type != OutputType.GENERATE_UNTIL) {
                throw wrong("filter_list: expected filters of generate_until alone, received them of " + type.label());
            }
            try {
                filters.add(AnswerFilter.of(one));
            } catch (InputException e) {
                throw new InputException(file + ": " + e.getMessage(), e);
            }
        }
        return filters.isEmpty() ? List.of(AnswerFilter.NONE) : filters;
    }
}
