package dev.jumbo.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Kinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked to do, as its checkpoints keep it, against what a resume asks for. Some settings may change: how
 * long training goes on, in which steps, and what does not change its numbers. All others would make something that is
 * neither the run that was begun nor the one that is asked for.
 */
final class ResumeSettings {
    /** May differ between a run and its resume. */
    static final Set<String> MAY_CHANGE = Set.of(
            "epochs",
            "max_steps",
            "batch_size",
            "validation_batch_size",
            "gradient_accumulation",
            "learning_rate",
            "precision",
            "recompute",
            "early_stopping",
            "guard",
            "checkpoints",
            "log_every_steps",
            "tensorboard",
            "device",
            "loader_threads",
            "distributed");

    /** Parts of settings that may differ, or may not although the rest of the setting may. */
    private static final Pattern RATE_OF_OPTIMIZER = Pattern.compile("optimizer\\.\\w+\\.learning_rate");

    private static final Set<String> MUST_STAY = Set.of("early_stopping.monitor", "early_stopping.mode");

    /** Of an object's own name, which says nothing about what it does. */
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]+\\b");

    private static final ObjectMapper JSON = new ObjectMapper();

    private ResumeSettings() {}

    /** Each setting by its name, as JSON. */
    static Map<String, String> of(TrainerBuilder.Setup setup, Dataset data) {
        Map<String, String> settings = new LinkedHashMap<>();
        Kinds.records()
                .writeEach(TrainConfig.class, setup.config())
                .forEach((key, value) -> settings.put(key, value.toString()));
        settings.remove("monitor"); // What it comes to is compared: it may follow from other settings.
        if (data instanceof ExampleStream) {
            // Its place follows from epochs of one size.
            settings.put("examples of an epoch", Integer.toString(StreamTraining.epochExamples(setup.config())));
        }
        describe(settings, "augmentation", setup.augmentations());
        describe(settings, "mixing", setup.mixing());
        return settings;
    }

    private static void describe(Map<String, String> settings, String key, @Nullable Object value) {
        String text = String.valueOf(value);
        if (!IDENTITY.matcher(text).find()) {
            settings.put(key, JSON.getNodeFactory().textNode(text).toString());
        }
    }

    /**
     * Compares, and refuses what may not change.
     *
     * @param saved of the run; what an older file does not have is not compared
     * @param asked of the resume
     * @throws InputException naming each setting with both values
     */
    static void requireSame(Map<String, String> saved, Map<String, String> asked, String run) {
        List<String> refused = new ArrayList<>();
        for (Map.Entry<String, String> setting : new TreeMap<>(asked).entrySet()) {
            String before = saved.get(setting.getKey());
            if (before != null && !before.equals(setting.getValue())) {
                differences(setting.getKey(), tree(before), tree(setting.getValue()), refused);
            }
        }
        refuse(refused, run);
    }

    /** As {@link #requireSame}, of parts of a description: the model's, the preprocessing's. */
    static void requireSame(String what, JsonNode saved, JsonNode asked, String run) {
        List<String> found = new ArrayList<>();
        differences(what, saved, asked, found);
        refuse(found, run);
    }

    private static void refuse(List<String> found, String run) {
        if (!found.isEmpty()) {
            throw new InputException("resume: the run in " + run + " was begun with other settings: "
                    + String.join("; ", found)
                    + ". Set back what differs, or train into another directory; on a resume only these may change: "
                    + String.join(", ", new TreeSet<>(MAY_CHANGE)));
        }
    }

    private static void differences(String path, JsonNode saved, JsonNode asked, List<String> found) {
        if (saved.equals(asked)) {
            return;
        }
        boolean sameKeys = saved.isObject() && asked.isObject() && names(saved).equals(names(asked));
        boolean sameLength = saved.isArray() && asked.isArray() && saved.size() == asked.size();
        if (sameKeys) {
            saved.fieldNames()
                    .forEachRemaining(name -> differences(path + "." + name, saved.get(name), asked.get(name), found));
        } else if (sameLength) {
            for (int i = 0; i < saved.size(); i++) {
                differences(path + "[" + i + "]", saved.get(i), asked.get(i), found);
            }
        } else if (!mayChange(path)) {
            found.add(path + " was " + shown(saved) + ", now " + shown(asked));
        }
    }

    private static boolean mayChange(String path) {
        int end = path.indexOf('.');
        String setting = end < 0 ? path : path.substring(0, end);
        return MAY_CHANGE.contains(setting) && !MUST_STAY.contains(path)
                || RATE_OF_OPTIMIZER.matcher(path).matches();
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String shown(JsonNode node) {
        return node.isTextual() ? node.textValue() : node.toString();
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(json); // Not written by this program; it differs then.
        }
    }
}
