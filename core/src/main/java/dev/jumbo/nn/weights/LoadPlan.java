package dev.jumbo.nn.weights;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which tensor of a source each parameter gets, settled before anything is read or changed. */
public final class LoadPlan {
    /** PyTorch's counters of batch normalisation: nothing here depends on them. */
    private static final String COUNTER = "num_batches_tracked";

    private static final int MOST_LISTED = 100;

    private final Map<String, TensorSource.Stored> chosen;
    private final LoadReport report;

    private LoadPlan(Map<String, TensorSource.Stored> chosen, LoadReport report) {
        this.chosen = chosen;
        this.report = report;
    }

    /**
     * Settles it.
     *
     * @param wanted shapes of parameters and buffers by name
     * @param tied further names, each with the name among those wanted
     * @throws InputException naming everything that is missing, unknown, of another shape or type, or tied and different
     */
    public static LoadPlan of(Weights weights, Map<String, Shape> wanted, Map<String, String> tied) {
        TensorSource source = weights.map().apply(weights.from());
        Map<String, TensorSource.Stored> rest = new LinkedHashMap<>(source.tensors());
        rest.keySet().removeIf(name -> name.endsWith(COUNTER) && !wanted.containsKey(name));
        List<String> wrong = new ArrayList<>();
        joinTied(rest, tied, wrong);
        Map<String, TensorSource.Stored> chosen = new LinkedHashMap<>();
        List<String> fresh = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        wanted.forEach((name, shape) -> {
            TensorSource.Stored found = rest.remove(name);
            String problem = problem(name, shape, found);
            if (problem == null) {
                chosen.put(name, Objects.requireNonNull(found));
            } else if (weights.missing().allows(name)) {
                fresh.add(name);
                if (found != null) {
                    passedOver.add(name);
                }
            } else {
                wrong.add(problem);
            }
        });
        List<String> extra = rest.keySet().stream()
                .filter(name -> !weights.missing().allows(name))
                .toList();
        if (!extra.isEmpty()) {
            wrong.add("the model has no parameters named " + first(extra));
        }
        if (!wrong.isEmpty()) {
            unread(source).forEach((name, shown) -> {
                wrong.removeIf(missing(name, wanted.get(name))::equals);
                wrong.add("\"" + name + "\" is there as " + shown
                        + ", a type that is not read; save it as F32, F64, F16 or BF16");
            });
            throw new InputException(
                    (source.where().isEmpty() ? "" : source.where() + ": ") + String.join("; ", first(wrong)));
        }
        passedOver.addAll(rest.keySet());
        return new LoadPlan(chosen, new LoadReport(source.where(), List.copyOf(chosen.keySet()), fresh, passedOver));
    }

    private static @Nullable String problem(String name, Shape shape, TensorSource.@Nullable Stored found) {
        if (found == null) {
            return missing(name, shape);
        }
        if (!found.shape().equals(shape)) {
            return "expected \"" + name + "\" to have the shape " + shape + ", received " + found.shape();
        }
        if (!found.dtype().isFloating()) {
            return "expected \"" + name + "\" in F32, F64, F16 or BF16, received "
                    + found.dtype().safetensorsName();
        }
        return null;
    }

    private static String missing(String name, @Nullable Shape shape) {
        return "expected a tensor \"" + name + "\" " + shape + ", found none";
    }

    /** Type and shape of the tensors of its files that are of types which no tensor here has, by name. */
    private static Map<String, String> unread(TensorSource source) {
        Map<String, String> unread = new LinkedHashMap<>();
        for (Path file : source.files()) {
            if (file.toString().endsWith(".safetensors") && Files.isRegularFile(file)) {
                unread.putAll(Safetensors.open(file).unreadable());
            }
        }
        return unread;
    }

    private static List<String> first(List<String> all) {
        if (all.size() <= MOST_LISTED) {
            return all;
        }
        List<String> some = new ArrayList<>(all.subList(0, MOST_LISTED));
        some.add("and " + (all.size() - MOST_LISTED) + " more");
        return some;
    }

    /** A tied parameter may be there under any of its names, or under several with the same values. */
    private static void joinTied(Map<String, TensorSource.Stored> rest, Map<String, String> tied, List<String> wrong) {
        tied.forEach((name, of) -> {
            TensorSource.Stored other = rest.remove(name);
            if (other == null) {
                return;
            }
            TensorSource.Stored first = rest.putIfAbsent(of, other);
            if (first != null && !first.isSame(other)) {
                wrong.add("expected \"" + name + "\" to be the same as \"" + of
                        + "\", to which the model ties it, received other values; drop one of them by a rule");
            }
        });
    }

    /** Whether a parameter gets a tensor of the source. */
    public boolean has(String name) {
        return chosen.containsKey(name);
    }

    /** The tensor, in the model's shape and the source's type, in the innermost open scope. */
    public Tensor read(String name) {
        return Objects.requireNonNull(chosen.get(name), name).read().get();
    }

    /** What is loaded and what not. */
    public LoadReport report() {
        return report;
    }
}
