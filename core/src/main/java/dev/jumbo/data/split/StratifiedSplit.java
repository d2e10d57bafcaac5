package dev.jumbo.data.split;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
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

/**
 * Any examples, each class with its share to within one (largest remainders); as many in all as {@link RandomSplit}
 * takes. Folds have as many of each class as scikit-learn's {@code StratifiedKFold} gives them.
 */
@Kind("stratified")
@Doc("Any examples, by train.seed, each class with its share: for class targets.")
public record StratifiedSplit() implements SplitMethod {
    @Override
    public String adviceOnMissingClasses() {
        return "every class has its share already, so these have too few examples: hold out a"
                + " larger share, or put rare classes together";
    }

    @Override
    public HeldOut choose(Dataset dataset, Keys keys, Shares shares, RandomState random) {
        List<int[]> classes = classes(dataset, random.generator());
        int[] sizes = classes.stream().mapToInt(c -> c.length).toArray();
        int[] test = quotas(sizes, Shares.of(dataset.size(), shares.test()), dataset.size());
        int[] left =
                IntStream.range(0, sizes.length).map(c -> sizes[c] - test[c]).toArray();
        int held = Math.min(IntStream.of(left).sum(), Shares.of(dataset.size(), shares.validation()));
        int[] validation = quotas(left, held, Math.max(1, IntStream.of(left).sum()));
        return HeldOut.of(
                IntStream.range(0, sizes.length)
                        .flatMap(c -> Arrays.stream(classes.get(c), test[c], test[c] + validation[c])),
                IntStream.range(0, sizes.length).flatMap(c -> Arrays.stream(classes.get(c), 0, test[c])));
    }

    @Override
    public List<int[]> folds(Dataset dataset, Keys keys, int k, RandomState random) {
        SplitMethod.requireFolds(k, dataset.size(), "examples");
        int[] order = classes(dataset, random.generator()).stream()
                .flatMapToInt(Arrays::stream)
                .toArray();
        return Shuffled.deal(order, k);
    }

    /** How many of each class, so that they are {@code held} of {@code all} together. */
    private static int[] quotas(int[] sizes, int held, int all) {
        int[] quota = new int[sizes.length];
        double[] remainder = new double[sizes.length];
        for (int c = 0; c < quota.length; c++) {
            double exact = sizes[c] * (double) held / all;
            quota[c] = (int) Math.floor(exact + 1e-9);
            remainder[c] = exact - quota[c];
        }
        IntStream.range(0, quota.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer c) -> -remainder[c]))
                .limit(held - IntStream.of(quota).sum())
                .forEach(c -> quota[c]++);
        return quota;
    }

    private static String refusal(List<Field> targets) {
        String instead = "write train: {split: random} (or last, time or group)";
        if (targets.isEmpty()) {
            return "stratified needs classes, and the data has no target; " + instead;
        }
        Field target = targets.get(0);
        if (target.elements() != 1) {
            return target.name() + " is " + target.elements() + " values for each example; stratified needs one class; "
                    + instead;
        }
        return target.name() + " is a number; stratified needs classes: " + instead + ", or columns: {'"
                + target.name().replace("'", "''") + "': category} if its values are classes";
    }

    /** The shuffled numbers of the examples of each class, by ascending class id. */
    private static List<int[]> classes(Dataset dataset, SplittableRandom random) {
        if (dataset.targets().isEmpty()
                || dataset.targets().get(0).dtype() != DType.INT64
                || dataset.targets().get(0).elements() != 1) {
            throw new InputException(refusal(dataset.targets()));
        }
        TreeMap<Long, List<Integer>> byClass = new TreeMap<>();
        for (int i = 0; i < dataset.size(); i++) {
            byClass.computeIfAbsent(dataset.classId(i), id -> new ArrayList<>()).add(i);
        }
        return byClass.values().stream()
                .map(list -> {
                    int[] indices = list.stream().mapToInt(Integer::intValue).toArray();
                    Shuffled.shuffle(indices, random);
                    return indices;
                })
                .toList();
    }
}
