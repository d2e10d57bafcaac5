package dev.jumbo.nn.adapt;

import dev.jumbo.config.CountedText;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which matrices of a model have a change: dense layers by their path, and of a {@link MultiHeadAttention} {@code in_proj} and {@code
 * out_proj} below its path. A name in {@code target_modules} means the paths that are it or end in it behind a dot, as PEFT's; the path of
 * an attention means both projections.
 */
final class Targets {
    private static final String REGEX = "regex:";

    private final Lora lora;
    private final Layer model;
    private final Specs in;
    private final Changes all;

    private Targets(Lora lora, Changes all, Specs in) {
        this.lora = lora;
        this.in = in;
        this.all = all;
        model = all.model();
        if (!all.changed().isEmpty()) {
            throw new InputException("adapter: expected a model without adapters, received one with "
                    + Nearest.first(all.changed().keySet()) + "; merge it first (jumbo merge)");
        }
    }

    static Targets of(Lora lora, Changes all, Specs in) {
        return new Targets(lora, all, in);
    }

    /** All that some name of target_modules means; a name may mean nothing. */
    Set<String> meantByAny() {
        Set<String> meant = new LinkedHashSet<>();
        lora.targetModules().forEach(name -> meant.addAll(meant(name)));
        meant.removeIf(path -> lora.modulesToSave().stream().anyMatch(saved -> isBelow(saved, path)));
        return meant;
    }

    /** What a name means: a regular expression for a whole path. @throws InputException if it is none */
    static String pattern(String name) {
        if (name.equals(Lora.ALL_LINEAR)) {
            return ".*";
        }
        if (!name.startsWith(REGEX)) {
            return "(?:.*\\.)?" + Pattern.quote(name);
        }
        // As it is used: what is sound alone, such as a comment or \\Q, may not be in brackets.
        String written = "(?:" + name.substring(REGEX.length()) + ")";
        compile(written);
        return written;
    }

    /** A regular expression for the end of a path, behind a dot or all of it. @throws InputException if it is none */
    static Pattern end(String written) {
        return compile("(?:.*\\.)?(?:" + written + ")");
    }

    private static Pattern compile(String written) {
        try {
            return Pattern.compile(written);
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    "lora: expected a regular expression, received \"" + written + "\": " + e.getDescription(), e);
        }
    }

    private static boolean means(String name, String path) {
        return CountedText.matches(Pattern.compile(pattern(name)), path);
    }

    /** The model with a change for each target. @throws InputException if a name means nothing, or a rank is above what its matrix has */
    Layer swapped() {
        requireSaved();
        Map<String, LowRank> changes = new LinkedHashMap<>();
        chosen().forEach(path -> changes.put(path, lora.change(path)));
        return all.with(changes);
    }

    private Set<String> chosen() {
        Set<String> chosen = new LinkedHashSet<>();
        for (String name : lora.targetModules()) {
            Set<String> meant = meant(name);
            if (name.equals(Lora.ALL_LINEAR)) {
                meant.remove(last("", model, in));
            }
            if (meant.isEmpty()) {
                throw nothing("target_modules", name);
            }
            chosen.addAll(meant);
        }
        for (String name : lora.excludeModules()) {
            Set<String> meant = meant(name);
            if (meant.isEmpty()) {
                throw nothing("exclude_modules", name);
            }
            chosen.removeAll(meant);
        }
        chosen.removeIf(path -> lora.modulesToSave().stream().anyMatch(saved -> isBelow(saved, path)));
        if (chosen.isEmpty()) {
            throw new InputException("lora.target_modules: expected one or more layers, received none besides those of"
                    + " exclude_modules and modules_to_save; " + there());
        }
        return chosen;
    }

    private Set<String> meant(String name) {
        Set<String> meant = new LinkedHashSet<>();
        all.matrices().forEach((path, matrix) -> {
            if (means(name, path) || all.isOfAttention(matrix) && means(name, matrix.holder())) {
                meant.add(path);
            }
        });
        return meant;
    }

    /** A layer that is trained as a whole, or what is inside it. */
    static boolean isBelow(String saved, String path) {
        return path.matches("(?:.*\\.)?" + Pattern.quote(saved) + "(?:\\..*)?");
    }

    private void requireSaved() {
        if (lora.modulesToSave().isEmpty()) {
            return;
        }
        FlatOrder order = FlatOrder.of(model, in);
        for (String saved : lora.modulesToSave()) {
            if (all.paths().stream().noneMatch(path -> isBelow(saved, path))) {
                throw new InputException("lora.modules_to_save: the model has no layer \"" + saved + "\""
                        + Nearest.hint(saved, all.paths()));
            }
            if (order.names().stream().noneMatch(name -> isBelow(saved, name))) {
                throw new InputException(
                        "lora.modules_to_save: expected layers with parameters of their own, received \""
                                + saved + "\", "
                                + order.tied().entrySet().stream()
                                        .filter(tied -> isBelow(saved, tied.getKey()))
                                        .findFirst()
                                        .map(tied -> "whose " + tied.getKey() + " is " + tied.getValue()
                                                + "; name the layer of that, with which both are trained")
                                        .orElse("which has none"));
            }
        }
    }

    /** The path of the layer that makes the model's output, through containers that are rows. */
    private static String last(String path, Layer layer, Specs in) {
        List<Layer.Part> parts = layer.parts(in);
        if (parts.isEmpty() || !layer.divides()) {
            return path;
        }
        Layer.Part end = parts.get(parts.size() - 1);
        return last(Parts.join(path, end.path()), end.layer(), end.inputs());
    }

    private InputException nothing(String key, String name) {
        boolean other = all.paths().stream().anyMatch(path -> means(name, path));
        return new InputException("lora." + key + ": expected names of dense layers or attentions, received \"" + name
                + "\", which " + (other ? "is a layer of another kind" : "no layer is") + "; " + there());
    }

    /** Ends of paths and how many have them. */
    private String there() {
        Map<String, Integer> ends = new LinkedHashMap<>();
        all.matrices().keySet().forEach(path -> ends.merge(path.substring(path.lastIndexOf('.') + 1), 1, Integer::sum));
        if (ends.isEmpty()) {
            return "the model has none";
        }
        List<String> listed = new ArrayList<>();
        ends.forEach((end, count) -> listed.add(count == 1 ? end : end + " (" + count + ")"));
        return "the model has " + String.join(", ", listed) + ", in full such as "
                + all.matrices().keySet().iterator().next();
    }
}
