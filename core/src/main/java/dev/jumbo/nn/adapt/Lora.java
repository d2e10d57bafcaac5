package dev.jumbo.nn.adapt;

import dev.jumbo.config.CountedText;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.tensor.Specs;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of low rank ({@link LowRank}) of dense layers and projections of attention; the base stays, in a type of its own where asked for
 * (Dettmers et al., 2023, "QLoRA"). Names are those of PEFT's {@code LoraConfig}.
 *
 * @param r rank of the changes
 * @param loraAlpha what is added counts this much, divided by the rank
 * @param loraDropout of what goes into a change, in training
 * @param targetModules which layers have one, see {@link Targets}
 * @param excludeModules of these, which have none
 * @param useRslora whether alpha is divided by the square root of the rank
 * @param useDora whether the length of each row is learned by itself
 * @param bias which biases of the base are trained
 * @param modulesToSave layers that are trained as a whole beside the changes, such as a new head
 * @param rankPattern other ranks, by a regular expression for the end of a layer's path
 * @param alphaPattern other alphas likewise
 * @param baseStorage type of the base's matrices in memory
 * @param baseGroupSize values of a row that share a scale in int8 and int4; null for one scale a row
 */
@Kind("lora")
@Doc("Changes of low rank beside a base that stays: LoRA, with use_dora DoRA, with base_storage int8 or int4 QLoRA.")
public record Lora(
        @Doc("Rank of the changes.") @Default("8") int r,

        @Doc("What is added counts this much, divided by the rank.") @Default("8.0")
        double loraAlpha,

        @Doc("Dropout of what goes into a change, in training.") @Default("0.0")
        double loraDropout,

        @Doc(
                "Which layers have one: ends of paths (q_proj, layers.0.linear1), regex: and a regular expression for a whole path, or"
                        + " all-linear for all dense layers and attentions but the last layer of the model.")
        @Default("[all-linear]")
        List<String> targetModules,

        @Doc("Which of these have none, by the same names.") @Default("[]")
        List<String> excludeModules,

        @Doc("Whether lora_alpha is divided by the square root of the rank.") @Default("false")
        boolean useRslora,

        @Doc("Whether the length of each row of a matrix is learned by itself (DoRA).") @Default("false")
        boolean useDora,

        @Doc("Which biases of the base are trained too: none, all, or lora_only for those of the layers with a change.")
        @Default("none")
        Bias bias,

        @Doc("Ends of paths of layers that are trained as a whole and saved with the adapter, such as a new head.")
        @Default("[]")
        List<String> modulesToSave,

        @Doc("Other ranks: a regular expression for the end of a path, and its rank.") @Default("{}")
        Map<String, Integer> rankPattern,

        @Doc("Other values of lora_alpha: a regular expression for the end of a path, and its value.") @Default("{}")
        Map<String, Double> alphaPattern,

        @Doc("Type of the base's matrices in memory: fp32, bf16, int8 or int4 (QLoRA).") @Default("fp32")
        Storage baseStorage,

        @Doc("Values of a row that share a scale in int8 and int4; one scale a row if null.") @Default("64") @Nullable
        Integer baseGroupSize)
        implements Adapter {
    /** Every dense layer and attention but the last layer. */
    public static final String ALL_LINEAR = "all-linear";

    private static final int GROUP = 64;

    /** A regular expression for the names of the parameters of changes. */
    private static final String CHANGES =
            "(?:.*\\.)?(?:(?:" + LowRank.A + "|" + LowRank.B + ")\\.weight|" + LowRank.MAGNITUDE + ")";

    /** Which biases of the base are trained. */
    public enum Bias {
        NONE,
        ALL,
        /** Of the layers with a change. */
        LORA_ONLY
    }

    public Lora {
        targetModules = List.copyOf(targetModules);
        excludeModules = List.copyOf(excludeModules);
        modulesToSave = List.copyOf(modulesToSave);
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        if (targetModules.isEmpty()) {
            throw new InputException(
                    "lora.target_modules: expected one or more names of layers, or " + ALL_LINEAR + ", received none");
        }
        if (bias == Bias.LORA_ONLY && targetModules.contains(ALL_LINEAR)) {
            throw new InputException("lora.bias: expected names in target_modules beside lora_only, received "
                    + ALL_LINEAR + "; name the layers, or take bias: all");
        }
        Stream.of(targetModules, excludeModules).flatMap(List::stream).forEach(Targets::pattern);
        rankPattern.keySet().forEach(Targets::end);
        alphaPattern.keySet().forEach(Targets::end);
        change("", r, loraAlpha); // Refuses what is out of range.
        rankPattern.forEach((path, rank) -> change(path, rank, loraAlpha));
        alphaPattern.forEach((path, alpha) -> change(path, r, alpha));
    }

    /** With PEFT's other defaults. */
    public static Lora of(int r, double loraAlpha, String... targetModules) {
        return new Lora(
                r,
                loraAlpha,
                0,
                targetModules.length == 0 ? List.of(ALL_LINEAR) : List.of(targetModules),
                List.of(),
                false,
                false,
                Bias.NONE,
                List.of(),
                Map.of(),
                Map.of(),
                Storage.FP32,
                GROUP);
    }

    private LowRank change(String path, int rank, double alpha) {
        try {
            return new LowRank(rank, alpha, loraDropout, useRslora, useDora);
        } catch (InputException e) {
            throw path.isEmpty() ? e : new InputException("pattern \"" + path + "\": " + e.getMessage(), e);
        }
    }

    /** The change of a layer. @param path of the layer */
    LowRank change(String path) {
        return change("", at(rankPattern, path, r), at(alphaPattern, path, loraAlpha));
    }

    /** As PEFT: the first pattern that is the end of the path. */
    private static <T> T at(Map<String, T> patterns, String path, T otherwise) {
        return patterns.entrySet().stream()
                .filter(each -> CountedText.matches(Targets.end(each.getKey()), path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    @Override
    public Layer in(Layer model, Specs in) {
        return Targets.of(this, Changes.of(model, in), in).swapped();
    }

    @Override
    public List<ParameterGroup> groups() {
        boolean quantized = baseStorage == Storage.INT8 || baseStorage == Storage.INT4;
        return List.of(ParameterGroup.frozen(kept(), baseStorage).groupSize(quantized ? baseGroupSize : null));
    }

    @Override
    public boolean keepsBase() {
        return true;
    }

    @Override
    public boolean canBeLeftOut() {
        return bias == Bias.NONE && modulesToSave.isEmpty();
    }

    @Override
    public String added() {
        return "regex:(?:" + CHANGES + ")";
    }

    @Override
    public String kept() {
        return "regex:(?!(?:" + names() + ")$).*";
    }

    /** A regular expression for the names of all parameters that are trained. */
    private String names() {
        Stream<String> saved = modulesToSave.stream().map(name -> "(?:.*\\.)?" + Pattern.quote(name) + "\\..*");
        Stream<String> biases = switch (bias) {
            case NONE -> Stream.empty();
            case ALL -> Stream.of("(?:.*[._])?bias");
            case LORA_ONLY -> targetModules.stream().map(name -> Targets.pattern(name) + "[._]bias");
        };
        return Stream.of(Stream.of(CHANGES), saved, biases)
                .flatMap(each -> each)
                .collect(Collectors.joining("|"));
    }
}
