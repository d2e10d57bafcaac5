package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.adapt.Adapter;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.nn.weights.ParameterGroup;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.WeightFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The weights that an adapter was trained beside. A checkpoint of a training with an adapter has what was trained alone, and this, by
 * which the rest is found again and known to be the same.
 *
 * @param from the file, as it was given to the training
 * @param besideRun the same as seen from the directory of the run, which may move together with it; null where that cannot be said
 * @param sha256 of its files, by name
 * @param map brings its names to the model's
 * @param groups how the parameters were trained, with the types of frozen ones
 * @param adapter what was trained beside it
 */
public record BaseWeights(
        @Doc("The file of the base's weights, as it was given.")
        String from,

        @Doc("The same as seen from the directory of the run.") @Default("null") @Nullable
        String besideRun,

        @Doc("SHA-256 of its files, by name.") Map<String, String> sha256,

        @Doc("Rules that bring its names to the model's.") @Default("[]")
        List<NameRule> map,

        @Doc("How the parameters were trained.") @Default("[]")
        List<ParameterGroup> groups,

        @Doc("What was trained beside it.") Adapter adapter) {
    public BaseWeights {
        sha256 = new TreeMap<>(sha256);
        map = List.copyOf(map);
        groups = List.copyOf(groups);
    }

    /**
     * With the hashes of the files, which are read for it.
     *
     * @param source as {@code init_from} names it
     * @param run the directory of the run
     */
    public static BaseWeights of(
            TensorSource source, Path run, List<NameRule> map, ParameterGroups groups, Adapter adapter) {
        if (source.files().isEmpty()) {
            throw new InputException("adapter: expected a base in files, received one in memory");
        }
        Path file = source.files().get(0);
        return new BaseWeights(
                file.toString(),
                beside(run.toAbsolutePath().normalize(), file.toAbsolutePath().normalize()),
                hashes(source.files()),
                map,
                groups.groups(),
                adapter);
    }

    private static @Nullable String beside(Path run, Path file) {
        try {
            return run.relativize(file).toString();
        } catch (IllegalArgumentException e) {
            return null; // On another drive.
        }
    }

    private static Map<String, String> hashes(List<Path> files) {
        return new TreeMap<>(Manifest.Origin.of("", files, 0, List.of()).sha256());
    }

    /** How the parameters of the model were trained. */
    public ParameterGroups parameterGroups() {
        return new ParameterGroups(groups);
    }

    /**
     * Opens the base and reads all of it once, to know it.
     *
     * @param run the directory of the run
     * @throws FailureException if it is not there, or not the one that the adapter was trained beside
     */
    public TensorSource open(Path run) {
        Set<Path> places = new LinkedHashSet<>();
        if (besideRun != null) {
            places.add(run.resolve(besideRun).normalize());
        }
        places.add(Path.of(from));
        String other = null;
        for (Path place : places) {
            if (Files.isRegularFile(place)) {
                TensorSource source = opened(place);
                Map<String, String> found = hashes(source.files());
                if (found.equals(sha256)) {
                    return source;
                }
                other = place + " has the SHA-256 " + found + ", and the adapter was trained beside " + sha256;
            }
        }
        if (other != null) {
            throw new FailureException("the base of the adapter changed, so the adapter does not fit it: " + other
                    + "; put the base back that it was trained beside");
        }
        throw new FailureException("the base of the adapter is not there: expected it at "
                + String.join(" or ", places.stream().map(Path::toString).toList()) + " with the SHA-256 " + sha256
                + "; put it there, or go on with a merged model (jumbo merge, where the base is)");
    }

    private static TensorSource opened(Path place) {
        try {
            return WeightFiles.open(place);
        } catch (InputException e) {
            throw new FailureException("the base of the adapter cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The base and what was trained as one source under the model's names.
     *
     * @param base of {@link #open}
     * @param trained what the checkpoint has
     * @param order of the model with its adapter
     */
    TensorSource joined(TensorSource base, TensorSource trained, FlatOrder order) {
        TensorSource named = new NameMap(map).apply(base);
        Map<String, TensorSource.Stored> all = new LinkedHashMap<>(named.tensors());
        order.tied().forEach((name, of) -> {
            if (all.containsKey(name)) {
                all.putIfAbsent(of, Objects.requireNonNull(all.get(name)));
            }
        });
        all.keySet().retainAll(order.names());
        all.putAll(trained.tensors());
        return TensorSource.named(trained.where(), trained.files(), all);
    }
}
