package dev.jumbo.nn.adapt;

import dev.jumbo.config.YamlText;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An adapter as Python's PEFT saves and loads it: a directory with {@code adapter_config.json} and {@code adapter_model.safetensors}.
 *
 * @param lora what its configuration says
 * @param model the base with its changes
 * @param tensors its parameters, under the model's names
 */
public record PeftAdapter(Lora lora, Layer model, TensorSource tensors) {
    /** The file of its parameters. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String A = "." + LowRank.A + ".weight";
    private static final String B = "." + LowRank.B + ".weight";
    private static final String MAGNITUDE = "." + LowRank.MAGNITUDE;

    /**
     * Reads one for a model.
     *
     * @param base without adapters
     * @param in one example of each input
     * @throws InputException if it is no such directory, asks for what is not computed here, or does not fit the model: naming all that
     *     is missing, unknown or of another shape
     */
    public static PeftAdapter read(Path directory, Layer base, Specs in) {
        Lora lora = PeftConfig.read(directory);
        Path file = directory.resolve(WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected " + WEIGHTS + " in " + directory + ", found none"
                    + (Files.exists(directory.resolve("adapter_model.bin"))
                            ? "; adapter_model.bin is a pickle, which is not read: save it with safe_serialization=True"
                            : ""));
        }
        return new Reading(TensorSource.open(file), lora, Changes.of(base, in), FlatOrder.of(base, in))
                .read(in, PeftConfig.namesAll(directory));
    }

    /** What is found while tensors are put in their places. */
    private static final class Reading {
        private final TensorSource source;
        private final Lora lora;
        private final Changes base;
        private final Map<String, String> tied;
        private final Map<String, Shape> shapes;
        private final Map<String, String> byPeft = new LinkedHashMap<>();
        private final List<String> wrong = new ArrayList<>();

        Reading(TensorSource source, Lora lora, Changes base, FlatOrder order) {
            this.source = source;
            this.lora = lora;
            this.base = base;
            tied = order.tied();
            shapes = order.shapes();
            base.matrices().keySet().forEach(path -> byPeft.put(PeftNames.path(base, path), path));
        }

        PeftAdapter read(Specs in, boolean namesAll) {
            Map<String, TensorSource.Stored> named = new LinkedHashMap<>();
            List<String> unknown = new ArrayList<>();
            Set<String> paths = new LinkedHashSet<>();
            source.tensors().forEach((key, stored) -> {
                String name =
                        key.startsWith(PeftNames.ROOT) ? name(key.substring(PeftNames.ROOT.length()), paths) : null;
                if (name == null) {
                    unknown.add(key);
                } else {
                    named.put(name, stored);
                }
            });
            if (!unknown.isEmpty()) {
                wrong.add("the model has no place for " + String.join(", ", unknown));
            }
            joinTied(named);
            PeftSaved saved = PeftSaved.of(lora, base.paths());
            shapes.forEach((name, shape) -> {
                if (saved.has(name) && !named.containsKey(name)) {
                    wrong.add("expected a tensor " + PeftNames.ROOT + name + " " + shape
                            + ", as modules_to_save says, found none");
                }
            });
            if (namesAll) {
                paths.addAll(Targets.of(lora, base, in).meantByAny());
            }
            Map<String, LowRank> changes = new LinkedHashMap<>();
            for (String path : base.matrices().keySet()) {
                if (paths.contains(path)) {
                    LowRank change = lora.change(PeftNames.path(base, path));
                    changes.put(path, change);
                    require(path, change, named);
                }
            }
            if (!wrong.isEmpty()) {
                throw misfit();
            }
            if (changes.isEmpty()) {
                throw new InputException(source.where() + ": expected changes of layers, found none");
            }
            return new PeftAdapter(
                    saved.in(lora), base.with(changes), TensorSource.named(source.where(), source.files(), named));
        }

        /** Two layers with one weight: PEFT trains one of them alone, unless it is told to tie them, or both that are not saved as a whole. */
        private void joinTied(Map<String, TensorSource.Stored> named) {
            PeftSaved saved = PeftSaved.of(lora, base.paths());
            tied.forEach((name, of) -> {
                TensorSource.Stored other = named.remove(name);
                TensorSource.Stored first = named.get(of);
                boolean apart =
                        other == null || first == null ? saved.has(name) || saved.has(of) : !first.isSame(other);
                if (apart) {
                    wrong.add("expected " + PeftNames.ROOT + of + " and " + PeftNames.ROOT + name
                            + " with the same values, as the model's are one (tie_word_embeddings), received "
                            + (other != null && first != null
                                    ? "other values"
                                    : other == null && first == null ? "neither" : "the one without the other")
                            + "; train with ensure_weight_tying, or beside a base whose tie_word_embeddings is false");
                } else if (other != null) {
                    named.put(of, other);
                }
            });
        }

        private InputException misfit() {
            return new InputException(source.where() + " does not fit the model: " + String.join("; ", wrong));
        }

        /** The model's name of a tensor, or null if it has no place. */
        private @Nullable String name(String peft, Set<String> paths) {
            for (String end : List.of(A, B, MAGNITUDE)) {
                if (peft.endsWith(end)) {
                    String path = byPeft.get(peft.substring(0, peft.length() - end.length()));
                    if (path == null) {
                        return null;
                    }
                    paths.add(path);
                    return path + end;
                }
            }
            String name = PeftNames.ofParameter(peft);
            Shape shape = shapes.get(tied.getOrDefault(name, name));
            if (shape == null) {
                return null;
            }
            requireShape(
                    PeftNames.ROOT + peft,
                    shape,
                    Objects.requireNonNull(source.tensors().get(PeftNames.ROOT + peft)));
            return name;
        }

        /** What a change needs, each of its shape. */
        private void require(String path, LowRank change, Map<String, TensorSource.Stored> named) {
            Shape matrix = Objects.requireNonNull(base.matrices().get(path)).shape();
            String peft = PeftNames.ROOT + PeftNames.path(base, path);
            Map<String, Shape> needed = new LinkedHashMap<>();
            needed.put(A, Shape.of(change.r(), matrix.size(1)));
            needed.put(B, Shape.of(matrix.size(0), change.r()));
            if (change.useDora()) {
                needed.put(MAGNITUDE, matrix.slice(0, 1));
            } else if (named.containsKey(path + MAGNITUDE)) {
                wrong.add("expected no " + peft + MAGNITUDE + " without use_dora, received one");
            }
            needed.forEach((end, shape) -> {
                TensorSource.Stored found = named.get(path + end);
                if (found == null) {
                    wrong.add("expected a tensor " + peft + end + " " + shape + ", found none");
                } else {
                    requireShape(peft + end, shape, found);
                }
            });
        }

        private void requireShape(String name, Shape shape, TensorSource.Stored found) {
            if (!found.shape().equals(shape)) {
                wrong.add("expected " + name + " to have the shape " + shape + ", received " + found.shape());
            }
        }
    }

    /** As {@link #write(Path, Specs, String, String)}, without the name of a task. */
    public void write(Path directory, Specs in, @Nullable String base) {
        write(directory, in, base, null);
    }

    /**
     * Writes the adapter of a model.
     *
     * @param directory that is not there yet, or is empty
     * @param base name or path of the base's model, as transformers finds it; null to leave it out
     * @param task PEFT's name of what the model does, such as CAUSAL_LM; null where it has none
     * @throws InputException if PEFT has no form for it
     */
    public void write(Path directory, Specs in, @Nullable String base, @Nullable String task) {
        Changes changes = Changes.of(model, in);
        requireWhole(changes);
        FlatOrder order = FlatOrder.of(model, in);
        PeftSaved saved = PeftSaved.of(lora, changes.paths(), order);
        if (Files.exists(directory)) {
            throw new InputException("expected a new directory for the adapter, found one at " + directory);
        }
        List<Safetensors.Source> sources = new ArrayList<>();
        tensors.tensors()
                .forEach((name, stored) -> sources.add(new Safetensors.Source(
                        PeftNames.ROOT + peft(changes, name), stored.dtype(), stored.shape(), stored.read())));
        saved.tied().forEach((name, of) -> {
            TensorSource.Stored stored = tensors.tensor(of);
            sources.add(new Safetensors.Source(PeftNames.ROOT + name, stored.dtype(), stored.shape(), stored.read()));
        });
        Path temporary = Durable.temporary(directory);
        try {
            Files.createDirectories(temporary);
            Safetensors.write(temporary.resolve(WEIGHTS), sources, Map.of("format", "pt"));
            Durable.write(
                    temporary.resolve(PeftConfig.FILE),
                    YamlText.json(PeftConfig.of(changes, lora, saved, base, task)) + "\n");
            Durable.publish(temporary, directory);
        } catch (IOException e) {
            throw new FailureException("cannot write the adapter to " + directory + ": " + e, e);
        } finally {
            try {
                Durable.deleteDirectory(temporary);
            } catch (IOException e) {
                temporary.toFile().deleteOnExit(); // What is left is no adapter's directory.
            }
        }
    }

    private static String peft(Changes changes, String name) {
        for (String end : List.of(A, B, MAGNITUDE)) {
            if (name.endsWith(end)) {
                return PeftNames.path(changes, name.substring(0, name.length() - end.length())) + end;
            }
        }
        return PeftNames.parameter(changes, name);
    }

    private static void requireWhole(Changes changes) {
        Map<String, Integer> projections = new LinkedHashMap<>();
        changes.changed().values().stream()
                .filter(changes::isOfAttention)
                .forEach(matrix -> projections.merge(matrix.holder(), 1, Integer::sum));
        projections.forEach((holder, count) -> {
            if (count == 1) {
                throw new InputException("PEFT changes both projections of an attention, in_proj and out_proj; "
                        + holder + " has a change of one");
            }
        });
    }
}
