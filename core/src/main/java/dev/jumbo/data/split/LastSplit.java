package dev.jumbo.data.split;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The last examples in the order of the dataset, as Keras's {@code validation_split}: the first {@code floor(n * (1 -
 * share))} are for training. The test part, where one is asked for, comes behind the validation part. Folds are blocks in
 * the same order, as scikit-learn's {@code KFold}.
 */
@Kind("last")
@Doc("The last examples in the order of the data, as Keras has it: not for data that is sorted.")
public record LastSplit() implements SplitMethod {
    @Override
    public String adviceOnMissingClasses() {
        return "train.split: stratified gives each part its share of every class";
    }

    @Override
    public HeldOut choose(Dataset dataset, Keys keys, Shares shares, RandomState random) {
        int n = dataset.size();
        int testFrom = (int) Math.floor(n * (1 - shares.test()));
        int from = Math.max(0, testFrom - (n - (int) Math.floor(n * (1 - shares.validation()))));
        return HeldOut.of(IntStream.range(from, testFrom), IntStream.range(testFrom, n));
    }

    @Override
    public List<int[]> folds(Dataset dataset, Keys keys, int k, RandomState random) {
        int n = dataset.size();
        SplitMethod.requireFolds(k, n, "examples");
        List<int[]> folds = new ArrayList<>();
        int from = 0;
        for (int fold = 0; fold < k; fold++) {
            int to = from + n / k + (fold < n % k ? 1 : 0);
            folds.add(IntStream.range(from, to).toArray());
            from = to;
        }
        return folds;
    }
}
