package dev.jumbo.data.split;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.tensor.RandomState;
import java.util.Arrays;
import java.util.List;

/** Any examples; as many as scikit-learn's {@code train_test_split} and {@code KFold(shuffle=True)} hold out. */
@Kind("random")
@Doc("Any examples, by train.seed.")
public record RandomSplit() implements SplitMethod {
    @Override
    public String adviceOnMissingClasses() {
        return "train.split: stratified gives each part its share of every class";
    }

    @Override
    public HeldOut choose(Dataset dataset, Keys keys, Shares shares, RandomState random) {
        int[] order = Shuffled.range(dataset.size(), random.generator());
        int test = Shares.of(order.length, shares.test());
        int held = Math.min(order.length, test + Shares.of(order.length, shares.validation()));
        return HeldOut.of(Arrays.stream(order, test, held), Arrays.stream(order, 0, test));
    }

    @Override
    public List<int[]> folds(Dataset dataset, Keys keys, int k, RandomState random) {
        SplitMethod.requireFolds(k, dataset.size(), "examples");
        return Shuffled.deal(Shuffled.range(dataset.size(), random.generator()), k);
    }
}
