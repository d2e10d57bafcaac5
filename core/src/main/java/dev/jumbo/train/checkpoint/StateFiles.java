package dev.jumbo.train.checkpoint;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The flat state of a training in a checkpoint: one file, or one from each of the workers that wrote it, each with its
 * {@link Share}. It is read in any other division: only the values that are asked for are read, from whichever file has
 * them.
 */
public final class StateFiles {
    private static final String SINGLE = "optimizer.safetensors";
    private static final String SHARD = "optimizer-\\d{5}-of-\\d{5}\\.safetensors";

    private final Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    private final Map<String, Share> shares = new LinkedHashMap<>();

    private StateFiles() {}

    /** The file of one of several workers; of one alone, {@code optimizer.safetensors}. */
    static String name(int rank, int workers) {
        return workers == 1 ? SINGLE : String.format(Locale.ROOT, "optimizer-%05d-of-%05d.safetensors", rank, workers);
    }

    /** The files that must be there, given those that a manifest lists. */
    static List<String> required(Collection<String> listed) {
        int workers = listed.stream()
                .filter(name -> name.matches(SHARD))
                .mapToInt(name -> Integer.parseInt(name.substring(name.length() - 17, name.length() - 12)))
                .max()
                .orElse(1);
        List<String> names = new ArrayList<>();
        for (int rank = 0; rank < Math.max(1, workers); rank++) {
            names.add(name(rank, Math.max(1, workers)));
        }
        return names;
    }

    /** @throws InputException if the files are not parts of one whole, naming the one that does not fit */
    static StateFiles open(Path directory, List<String> names) {
        StateFiles opened = new StateFiles();
        for (String name : names) {
            SafetensorsFile file = Safetensors.open(directory.resolve(name));
            opened.files.put(name, file);
            if (names.size() > 1) {
                try {
                    opened.shares.put(name, Share.ofMetadata(file.metadata()));
                } catch (InputException e) {
                    throw new InputException(name + ": " + e.getMessage(), e);
                }
            }
        }
        if (names.size() > 1) {
            Share.requireCover(opened.parts(Share::values), "values");
        }
        return opened;
    }

    private Map<String, Share.Ranges> parts(Function<Share, Share.Ranges> kind) {
        Map<String, Share.Ranges> parts = new LinkedHashMap<>();
        shares.forEach((name, share) -> parts.put(name, kind.apply(share)));
        return parts;
    }

    /** Names of all tensors. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        files.values().forEach(file -> names.addAll(file.names()));
        return names;
    }

    /** The shape of a tensor that is not divided. @throws InputException if there is none of this name */
    public Shape shape(String name) {
        return holder(name).entry(name).shape();
    }

    /** A tensor that is not divided, in the caller's scope. @throws InputException if there is none of this name */
    public Tensor read(String name) {
        return holder(name).read(name);
    }

    private SafetensorsFile holder(String name) {
        return files.values().stream()
                .filter(file -> file.names().contains(name))
                .findFirst()
                .orElseGet(() -> files.values().iterator().next());
    }

    /** Some of the values, one behind the other, of a tensor with one for each of the model's. */
    public Tensor values(String name, Share.Ranges wanted) {
        return read(name, wanted, Share::values);
    }

    /** As {@link #values}, of a tensor with one value for each of the model's buffers. */
    public Tensor buffers(String name, Share.Ranges wanted) {
        return read(name, wanted, Share::buffers);
    }

    private Tensor read(String name, Share.Ranges wanted, Function<Share, Share.Ranges> kind) {
        List<Tensor> pieces = new ArrayList<>();
        for (FlatRange range : wanted.ranges()) {
            for (long at = range.start(); at < range.end(); ) {
                Tensor piece = null;
                for (Map.Entry<String, SafetensorsFile> file : files.entrySet()) {
                    piece = piece(file.getKey(), name, new FlatRange(at, range.end()), wanted.total(), kind);
                    if (piece != null) {
                        break;
                    }
                }
                if (piece == null) {
                    throw new InputException(
                            "no file of the checkpoint has the values of \"" + name + "\" from " + at + " on");
                }
                pieces.add(piece);
                at += piece.elements();
            }
        }
        if (pieces.isEmpty()) {
            return Tensor.zeros(Shape.of(0));
        }
        return pieces.size() == 1 ? pieces.get(0) : Tensor.cat(pieces, 0);
    }

    /** What a file has from the start of a range on; null if it does not have that. */
    private @Nullable Tensor piece(
            String fileName, String name, FlatRange range, long total, Function<Share, Share.Ranges> kind) {
        SafetensorsFile file = files.get(fileName);
        if (file == null || !file.names().contains(name)) {
            return null;
        }
        long length = file.entry(name).shape().elements();
        Share share = shares.get(fileName);
        Share.Ranges part = share == null ? Share.Ranges.whole(length) : kind.apply(share);
        if (part.total() != total || part.length() != length) {
            throw new InputException("expected \"" + name + "\" in " + fileName + " to be part of " + total
                    + " values, received " + part.length() + " of " + part.total() + " in a tensor of " + length);
        }
        long before = 0;
        for (FlatRange has : part.ranges()) {
            if (has.start() <= range.start() && range.start() < has.end()) {
                long from = before + range.start() - has.start();
                return file.read(name, from, Math.min(has.end(), range.end()) - range.start());
            }
            before += has.length();
        }
        return null;
    }
}
