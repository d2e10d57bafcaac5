package dev.jumbo.onnx.export;

import dev.jumbo.config.YamlText;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.train.checkpoint.Kinds;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a file says beside the graph: texts of the model's {@code metadata_props}. */
public final class Metadata {
    /** Names of the classes of an output, one a line, behind this and the output's name. */
    public static final String CLASSES = "jumbo.classes.";

    private Metadata() {}

    /** As the jar says it; {@code development} where classes are not in a jar. */
    static String version() {
        String version = Metadata.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** The version, what inputs are raw, what is done to them, and the classes of outputs. @param file null for a model alone */
    static Map<String, String> of(@Nullable ModelFile file) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("jumbo.version", version());
        if (file == null) {
            return texts;
        }
        for (Field target : file.targets()) {
            if (!target.classes().isEmpty()) {
                texts.put(CLASSES + target.name(), String.join("\n", target.classes()));
            }
        }
        texts.put("jumbo.preprocessing", json(Preprocessing.class, file.preprocessing()));
        texts.put("jumbo.raw_inputs", fields(file.rawInputs()));
        texts.put("jumbo.inputs", fields(file.inputs()));
        return texts;
    }

    private static String fields(List<Field> fields) {
        return fields.stream().map(field -> json(Field.class, field)).toList().toString();
    }

    private static <T> String json(Class<T> type, T value) {
        return YamlText.json(Kinds.records().write(type, value));
    }
}
