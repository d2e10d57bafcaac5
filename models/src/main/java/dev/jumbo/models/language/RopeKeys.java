package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of rotary positions: {@code rope_theta} and {@code rope_scaling}, or since 2025 {@code rope_parameters} with both. What is written
 * is the first form, which every version of the library reads.
 */
final class RopeKeys {
    private static final String SCALING = "rope_scaling";
    private static final String PARAMETERS = "rope_parameters";
    private static final String THETA = "rope_theta";
    private static final String TYPE = "rope_type";
    private static final String FACTOR = "factor";
    private static final String POSITIONS = "original_max_position_embeddings";
    private static final String OWN_POSITIONS = "original_max_positions";

    /** What each type reads beside its name. */
    private static final Map<String, Set<String>> READ = Map.of(
            "default", Set.of(),
            "linear", Set.of(FACTOR),
            "dynamic", Set.of(FACTOR),
            "llama3", Set.of(FACTOR, "low_freq_factor", "high_freq_factor", POSITIONS),
            "yarn",
                    Set.of(
                            FACTOR,
                            POSITIONS,
                            "attention_factor",
                            "beta_fast",
                            "beta_slow",
                            "mscale",
                            "mscale_all_dim",
                            "truncate"),
            "longrope", Set.of(FACTOR, POSITIONS, "attention_factor", "short_factor", "long_factor"));

    /** What each type cannot do without. */
    private static final Map<String, Set<String>> NEEDED = Map.of(
            "linear", Set.of(FACTOR),
            "dynamic", Set.of(FACTOR),
            "llama3", Set.of(FACTOR, "low_freq_factor", "high_freq_factor"),
            "yarn", Set.of(FACTOR),
            "longrope", Set.of("short_factor", "long_factor"));

    private RopeKeys() {}

    /**
     * Brings either form to {@code rope_theta} and {@code rope_scaling} of a record.
     *
     * @param context {@code max_position_embeddings} where the file does not say
     * @throws InputException if a type or key of it is unknown
     */
    static void read(ConfigJson config, ObjectNode options, int context) {
        int longest = config.integer("max_position_embeddings", context);
        @Nullable JsonNode scaling = taken(options, SCALING);
        @Nullable JsonNode parameters = taken(options, PARAMETERS);
        @Nullable JsonNode original = taken(options, POSITIONS);
        JsonNode given = scaling != null ? scaling : parameters;
        if (given == null) {
            requireWhole(config, options);
            return;
        }
        String where = scaling != null ? SCALING : PARAMETERS;
        if (!given.isObject()) {
            throw config.refused(where, "an object");
        }
        ObjectNode keys = given.deepCopy();
        JsonNode base = keys.remove(THETA);
        if (base != null && !base.isNull()) {
            options.set(THETA, base);
        }
        JsonNode share = keys.remove("partial_rotary_factor");
        if (share != null && share.asDouble() != 1) {
            options.set("partial_rotary_factor", share);
        }
        requireWhole(config, options);
        String type = type(config, keys, where);
        require(config, keys, type, where);
        if (type.equals("default")) {
            return;
        }
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        own.put(TYPE, type);
        keys.fields().forEachRemaining(entry -> {
            if (!entry.getValue().isNull()) {
                own.set(entry.getKey().equals(POSITIONS) ? OWN_POSITIONS : entry.getKey(), entry.getValue());
            }
        });
        if (original != null) {
            own.set(OWN_POSITIONS, original);
        }
        // Dynamic positions stretch what is longer than the model's own context, whatever it was first.
        if (type.equals("dynamic") || type.equals("linear") || !own.has(OWN_POSITIONS)) {
            own.put(OWN_POSITIONS, longest);
        }
        if (type.equals("longrope") && !own.has(FACTOR)) {
            own.put(FACTOR, longest / own.get(OWN_POSITIONS).asDouble());
        }
        options.set(SCALING, own);
    }

    private static @Nullable JsonNode taken(ObjectNode options, String key) {
        JsonNode value = options.remove(key);
        return value == null || value.isNull() || (value.isContainerNode() && value.isEmpty()) ? null : value;
    }

    private static void requireWhole(ConfigJson config, ObjectNode options) {
        JsonNode share = options.remove("partial_rotary_factor");
        if (share != null && share.asDouble() != 1) {
            throw new InputException(config.name() + ": expected rotary positions of whole heads, received"
                    + " partial_rotary_factor " + share);
        }
    }

    private static String type(ConfigJson config, ObjectNode keys, String where) {
        JsonNode old = keys.remove("type");
        JsonNode now = keys.remove(TYPE);
        JsonNode type = now == null || now.isNull() ? old : now;
        if (type == null || type.isNull()) {
            if (where.equals(PARAMETERS) && keys.isEmpty()) {
                return "default";
            }
            throw new InputException(
                    config.name() + ": expected a " + TYPE + " in " + where + ", found none: " + config.get(where));
        }
        String name = type.asText();
        if (!READ.containsKey(name)) {
            throw new InputException(config.name() + ": expected a " + TYPE + " of "
                    + READ.keySet().stream().sorted().toList() + " in " + where + ", received \"" + Shown.begin(name)
                    + "\"");
        }
        return name;
    }

    private static void require(ConfigJson config, ObjectNode keys, String type, String where) {
        List<String> wrong = new ArrayList<>();
        keys.fields().forEachRemaining(entry -> {
            boolean ignored =
                    entry.getKey().equals(POSITIONS) || entry.getValue().isNull();
            if (!ignored && !READ.getOrDefault(type, Set.of()).contains(entry.getKey())) {
                wrong.add("unknown \"" + entry.getKey() + "\"");
            }
        });
        for (String needed : NEEDED.getOrDefault(type, Set.of())) {
            if (!keys.hasNonNull(needed)) {
                wrong.add("missing \"" + needed + "\"");
            }
        }
        if (!wrong.isEmpty()) {
            throw new InputException(config.name() + ": " + where + " of type " + type + ": " + String.join(", ", wrong)
                    + "; it reads "
                    + READ.getOrDefault(type, Set.of()).stream().sorted().toList());
        }
    }

    /** Of a record's keys, those that a type reads, under the public names. */
    static void write(ObjectNode keys) {
        JsonNode scaling = keys.path(SCALING);
        if (!scaling.isObject()) {
            return;
        }
        String type = scaling.path(TYPE).asText();
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        written.put(TYPE, type);
        Set<String> read = READ.getOrDefault(type, Set.of());
        scaling.fields().forEachRemaining(entry -> {
            String name = entry.getKey().equals(OWN_POSITIONS) ? POSITIONS : entry.getKey();
            if (read.contains(name) && !entry.getValue().isNull()) {
                written.set(name, entry.getValue());
            }
        });
        keys.set(SCALING, written);
    }
}
