package dev.jumbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.data.split.Splits;
import dev.jumbo.data.split.Subset;
import dev.jumbo.data.split.TrainingSplit;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SplitsTest {
    private static final RandomState SEED = RandomState.of(7);
    /** 103 examples of three classes: 61, 32 and 10. */
    private static final Dataset DATA = data(61, 32, 10);

    @Test
    void last_takes_the_last_part_as_keras_does() {
        // Keras: int(floor(103 * (1 - 0.2))) = 82
        TrainingSplit split = Splits.last(DATA, 0.2);
        assertThat(split.train().indices())
                .containsExactly(IntStream.range(0, 82).toArray());
        assertThat(split.validation().indices())
                .containsExactly(IntStream.range(82, 103).toArray());
    }

    static List<SplitMethod> parts_are_disjoint_complete_and_the_same_for_the_same_seed() {
        return List.of(SplitMethod.last(), SplitMethod.random(), SplitMethod.stratified());
    }

    @ParameterizedTest
    @MethodSource
    void parts_are_disjoint_complete_and_the_same_for_the_same_seed(SplitMethod method) {
        TrainingSplit split = method.split(DATA, 0.3, SEED);
        assertComplete(split);
        assertThat(split.validation().size()).isEqualTo(31);
        assertThat(method.split(DATA, 0.3, SEED).validation().indices())
                .isEqualTo(split.validation().indices());
    }

    @Test
    void another_seed_gives_other_parts() {
        assertThat(Splits.random(DATA, 0.3, SEED).validation().indices())
                .isNotEqualTo(
                        Splits.random(DATA, 0.3, RandomState.of(8)).validation().indices());
    }

    @Test
    void stratified_keeps_the_share_of_each_class_within_one_example() {
        int[] held = counts(Splits.stratified(DATA, 0.25, SEED).validation());
        double share = IntStream.of(held).sum() / 103.0;
        int[] sizes = {61, 32, 10};
        for (int c = 0; c < 3; c++) {
            assertThat(Math.abs(held[c] - share * sizes[c])).isLessThan(1);
        }
    }

    @Test
    void each_example_is_held_out_in_exactly_one_fold() {
        List<TrainingSplit> folds = Splits.kFold(DATA, 5, SEED);
        folds.forEach(SplitsTest::assertComplete);
        assertThat(folds.stream()
                        .flatMapToInt(s -> Arrays.stream(s.validation().indices()))
                        .sorted()
                        .toArray())
                .containsExactly(IntStream.range(0, 103).toArray());
        assertThat(folds).allSatisfy(s -> assertThat(s.validation().size()).isBetween(20, 21));
    }

    @Test
    void stratified_folds_have_equal_numbers_of_each_class_within_one() {
        List<TrainingSplit> folds = Splits.stratifiedKFold(DATA, 4, SEED);
        folds.forEach(SplitsTest::assertComplete);
        for (int c = 0; c < 3; c++) {
            int id = c;
            int[] perFold = folds.stream()
                    .mapToInt(s -> counts(s.validation())[id])
                    .sorted()
                    .toArray();
            assertThat(perFold[3] - perFold[0]).isLessThanOrEqualTo(1);
        }
        assertThat(folds).allSatisfy(s -> assertThat(s.validation().size()).isBetween(25, 26));
    }

    @Test
    void rejects_shares_and_folds_that_leave_a_part_empty() {
        assertThatThrownBy(() -> Splits.last(DATA, 1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Splits.last(DATA, 0.995)).hasMessageContaining("empty");
        assertThatThrownBy(() -> Splits.kFold(DATA, 1, SEED)).hasMessageContaining("2 to 103 folds");
        assertThatThrownBy(() -> Splits.kFold(DATA, 104, SEED)).isInstanceOf(InputException.class);
    }

    @Test
    void rejects_an_index_outside_the_dataset() {
        assertThatThrownBy(() -> Subset.of(DATA, 103)).hasMessageContaining("0 to 102");
    }

    @Test
    void one_hot_has_1_at_the_class_only() {
        Dataset oneHot = OneHot.of(DATA);
        Row row = Row.single(oneHot);
        oneHot.read(70, row);
        assertThat(row.floats(0)).containsExactly(70);
        assertThat(row.floats(1)).containsExactly(0, 1, 0);
        assertThat(oneHot.targets().get(0).classes()).containsExactly("a", "b", "c");
    }

    @Test
    void one_hot_needs_class_ids() {
        Dataset numbers = ArrayDataset.of(
                Field.floats("x", Shape.of(1)), new float[] {1, 2}, Field.floats("y", Shape.of()), new float[] {2, 3});
        assertThatThrownBy(() -> OneHot.of(numbers)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Splits.stratified(numbers, 0.5, SEED))
                .hasMessageContaining("y is a number; stratified needs classes");
    }

    @Test
    void different_indices_have_different_fingerprints() {
        assertThat(Subset.of(DATA, 1, 2).fingerprint())
                .isNotEqualTo(Subset.of(DATA, 2, 1).fingerprint());
        assertThat(Subset.of(DATA, 1, 2).fingerprint())
                .isEqualTo(Subset.of(DATA, 1, 2).fingerprint());
    }

    private static void assertComplete(TrainingSplit split) {
        assertThat(IntStream.concat(
                                Arrays.stream(split.train().indices()),
                                Arrays.stream(split.validation().indices()))
                        .sorted()
                        .toArray())
                .containsExactly(IntStream.range(0, 103).toArray());
    }

    private static int[] counts(Dataset part) {
        int[] counts = new int[3];
        Row row = Row.single(part);
        for (int i = 0; i < part.size(); i++) {
            part.read(i, row);
            counts[(int) row.longs(1)[0]]++;
        }
        return counts;
    }

    private static Dataset data(int... sizes) {
        long[] ids = IntStream.range(0, sizes.length)
                .flatMap(c -> IntStream.generate(() -> c).limit(sizes[c]))
                .asLongStream()
                .toArray();
        float[] values = new float[ids.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return ArrayDataset.of(Field.floats("x", Shape.of(1)), values, Field.classId("y", List.of("a", "b", "c")), ids);
    }
}
