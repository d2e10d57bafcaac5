package dev.jumbo.data.sets;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Sampler;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Datasets mixed by weight: of the examples that training sees, each gives its share, spread evenly, so that any stretch of an
 * epoch has the shares to within an example or two, and all epochs together have them exactly. Each dataset runs through its own
 * seeded order again and again, whatever its size: a small one of a large share repeats its examples, a large one of a small share
 * shows others in the next epoch.
 *
 * <pre>{@code
 * Mixture.of(Mixture.part(web, 0.7), Mixture.part(books, 0.3))
 * }</pre>
 *
 * <p>An epoch has as many examples as the datasets together, unless {@link #epochOf} says otherwise. What is held out of a mixture
 * for validation is left out of every dataset.
 */
public final class Mixture extends Joined {
    private final double[] shares;
    private final int epoch;

    /**
     * One of the datasets.
     *
     * @param weight its share beside those of the others, above 0
     */
    public record Component(Dataset dataset, double weight) {
        public Component {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new InputException(
                        "mix: expected weights above 0, received " + weight + "; leave a dataset of weight 0 out");
            }
            if (dataset.size() == 0) {
                throw new InputException("mix: expected datasets with examples, received an empty one");
            }
        }
    }

    private Mixture(List<Dataset> sets, double[] shares, int epoch) {
        super(sets);
        this.shares = shares;
        this.epoch = epoch == 0 ? size() : epoch;
    }

    /** A dataset and its weight. */
    public static Component part(Dataset dataset, double weight) {
        return new Component(dataset, weight);
    }

    /** @throws InputException if the datasets have different fields, naming the first that differs */
    public static Mixture of(Component... parts) {
        return of(List.of(parts));
    }

    /** As {@link #of(Component...)}. */
    public static Mixture of(List<Component> parts) {
        return new Mixture(
                parts.stream().map(Component::dataset).toList(),
                Strides.shares(parts.stream().mapToDouble(Component::weight).toArray()),
                0);
    }

    /** The same with another number of examples in an epoch. */
    public Mixture epochOf(int examples) {
        if (examples < 1) {
            throw new InputException("mix: expected 1 example or more in an epoch, received " + examples);
        }
        return new Mixture(sets(), shares, examples);
    }

    @Override
    public Sampler sampler() {
        List<int[]> members = new ArrayList<>();
        for (int set = 0; set < shares.length; set++) {
            int[] own = new int[sets().get(set).size()];
            int from = start(set);
            Arrays.setAll(own, i -> from + i);
            members.add(own);
        }
        return new MixedOrder(members, shares, epoch, indices -> among(indices));
    }

    private Sampler among(int[] indices) {
        List<List<Integer>> members = new ArrayList<>();
        for (int set = 0; set < shares.length; set++) {
            members.add(new ArrayList<>());
        }
        for (int i = 0; i < indices.length; i++) {
            members.get(set(indices[i])).add(i);
        }
        for (int set = 0; set < shares.length; set++) {
            if (members.get(set).isEmpty()) {
                throw new InputException("mix: expected examples of each dataset in each part that is divided, received"
                        + " none of dataset " + (set + 1) + "; hold out another share, or write split: random");
            }
        }
        int share = (int) Math.max(1, Math.round((double) epoch * indices.length / size()));
        return new MixedOrder(
                members.stream()
                        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                        .toList(),
                shares,
                share,
                chosen -> among(Arrays.stream(chosen).map(c -> indices[c]).toArray()));
    }

    /** Those of the datasets, and the shares. */
    @Override
    public String fingerprint() {
        return super.fingerprint() + "[shares " + Arrays.toString(shares) + ", " + epoch + " an epoch]";
    }
}
