package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Divides a dataset: every example is in exactly one part, and the same random state gives the same parts. */
public final class Splits {
    private Splits() {}

    /**
     * The last part for validation, as Keras's {@code validation_split}: the first {@code floor(n * (1 - share))}
     * examples are for training. Do not use it on data sorted by class.
     */
    public static Split last(Dataset dataset, double share) {
        int cut = trainSize(dataset, share);
        return split(dataset, IntStream.range(0, dataset.size()).toArray(), cut);
    }

    /** Any examples for validation, as many as {@link #last} takes; both parts keep the order of the dataset. */
    public static Split random(Dataset dataset, double share, RandomState random) {
        int cut = trainSize(dataset, share);
        int[] order = IntStream.range(0, dataset.size()).toArray();
        shuffle(order, random.generator());
        Arrays.sort(order, 0, cut);
        Arrays.sort(order, cut, order.length);
        return split(dataset, order, cut);
    }

    /**
     * Each class gives its share of examples for validation, to within one (largest remainders); as many in all as
     * {@link #last} takes.
     *
     * @throws InputException if the first target is not one class id
     */
    public static Split stratified(Dataset dataset, double share, RandomState random) {
        int held = dataset.size() - trainSize(dataset, share);
        List<int[]> classes = classes(dataset, random.generator());
        int[] quota = new int[classes.size()];
        double[] remainder = new double[classes.size()];
        double exactShare = (double) held / dataset.size();
        for (int c = 0; c < quota.length; c++) {
            double exact = classes.get(c).length * exactShare;
            quota[c] = (int) Math.floor(exact + 1e-9);
            remainder[c] = exact - quota[c];
        }
        IntStream.range(0, quota.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer c) -> -remainder[c]))
                .limit(held - IntStream.of(quota).sum())
                .forEach(c -> quota[c]++);
        int[] train = IntStream.range(0, quota.length)
                .flatMap(c -> Arrays.stream(classes.get(c), quota[c], classes.get(c).length))
                .sorted()
                .toArray();
        int[] validation = IntStream.range(0, quota.length)
                .flatMap(c -> Arrays.stream(classes.get(c), 0, quota[c]))
                .sorted()
                .toArray();
        return new Split(Subset.of(dataset, train), Subset.of(dataset, validation));
    }

    /** k splits; each example is held out in exactly one, and the folds differ in size by at most one. */
    public static List<Split> kFold(Dataset dataset, int k, RandomState random) {
        int[] order = IntStream.range(0, dataset.size()).toArray();
        shuffle(order, random.generator());
        return folds(dataset, k, order);
    }

    /** As {@link #kFold}; in addition the examples of each class differ by at most one between the folds. */
    public static List<Split> stratifiedKFold(Dataset dataset, int k, RandomState random) {
        int[] order = classes(dataset, random.generator()).stream()
                .flatMapToInt(Arrays::stream)
                .toArray();
        return folds(dataset, k, order);
    }

    /** Deals the order to the folds like cards, so that runs of one class are spread evenly. */
    private static List<Split> folds(Dataset dataset, int k, int[] order) {
        if (k < 2 || k > order.length) {
            throw new InputException(
                    "expected 2 to " + order.length + " folds (the number of examples), received " + k);
        }
        List<Split> splits = new ArrayList<>();
        for (int fold = 0; fold < k; fold++) {
            int held = fold;
            int[] train = IntStream.range(0, order.length)
                    .filter(i -> i % k != held)
                    .map(i -> order[i])
                    .sorted()
                    .toArray();
            int[] validation = IntStream.range(0, order.length)
                    .filter(i -> i % k == held)
                    .map(i -> order[i])
                    .sorted()
                    .toArray();
            splits.add(new Split(Subset.of(dataset, train), Subset.of(dataset, validation)));
        }
        return List.copyOf(splits);
    }

    private static int trainSize(Dataset dataset, double share) {
        if (!(share > 0 && share < 1)) {
            throw new InputException("expected a validation share between 0 and 1, received " + share);
        }
        int train = (int) Math.floor(dataset.size() * (1 - share));
        if (train == 0 || train == dataset.size()) {
            throw new InputException("a validation share of " + share + " leaves one part of " + dataset.size()
                    + " examples empty; use another share or more examples");
        }
        return train;
    }

    private static Split split(Dataset dataset, int[] order, int cut) {
        return new Split(
                Subset.of(dataset, Arrays.copyOfRange(order, 0, cut)),
                Subset.of(dataset, Arrays.copyOfRange(order, cut, order.length)));
    }

    /** The shuffled indices of each class, by ascending class id. */
    private static List<int[]> classes(Dataset dataset, SplittableRandom random) {
        if (dataset.targets().isEmpty()
                || dataset.targets().get(0).dtype() != DType.INT64
                || dataset.targets().get(0).elements() != 1) {
            throw new InputException("expected one class id as the first target for a stratified split, received "
                    + dataset.targets() + "; use a random split");
        }
        int target = dataset.inputs().size();
        Row row = Row.single(dataset);
        TreeMap<Long, List<Integer>> byClass = new TreeMap<>();
        for (int i = 0; i < dataset.size(); i++) {
            dataset.read(i, row);
            byClass.computeIfAbsent(row.longs(target)[0], id -> new ArrayList<>())
                    .add(i);
        }
        return byClass.values().stream()
                .map(list -> {
                    int[] indices = list.stream().mapToInt(Integer::intValue).toArray();
                    shuffle(indices, random);
                    return indices;
                })
                .toList();
    }

    /** Fisher and Yates. */
    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }
}
