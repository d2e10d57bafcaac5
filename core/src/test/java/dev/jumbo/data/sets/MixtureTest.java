package dev.jumbo.data.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Batch;
import dev.jumbo.data.BatchSlice;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixtureTest {
    private static final RandomState SEED = RandomState.of(7);

    /** Examples from a number on, which is all that they hold. */
    private static Dataset from(int first, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = first + i;
        }
        return ArrayDataset.of(Field.floats("x", Shape.of()), values, Field.floats("y", Shape.of()), values);
    }

    private static Mixture mixture() {
        return Mixture.of(
                Mixture.part(from(0, 40), 7), Mixture.part(from(1000, 500), 2), Mixture.part(from(2000, 30), 1));
    }

    private static List<Integer> seen(Dataset data, int epoch, int from, int batch) {
        return seen(data, epoch, from, batch, BatchSlice.WHOLE);
    }

    private static List<Integer> seen(Dataset data, int epoch, int from, int batch, BatchSlice part) {
        Loader loader =
                Loader.of(data).batchSize(batch).shuffle(SEED).part(part).build();
        List<Integer> all = new ArrayList<>();
        try (Loader.Epoch batches = loader.epochFrom(epoch, from)) {
            while (batches.hasNext()) {
                Batch next = batches.next();
                for (int i = 0; i < next.size(); i++) {
                    all.add((int) next.inputs().get(0).floats()[i]);
                }
            }
        }
        return all;
    }

    private static long of(List<Integer> seen, int first) {
        return seen.stream().filter(x -> x / 1000 * 1000 == first).count();
    }

    @Test
    void any_stretch_has_the_shares_and_all_epochs_together_exactly() {
        Mixture data = mixture().epochOf(333);
        List<Integer> all = IntStream.range(0, 10)
                .mapToObj(epoch -> seen(data, epoch, 0, 16))
                .flatMap(List::stream)
                .toList();
        assertThat(all).hasSize(3330);
        for (int k = 1; k <= all.size(); k++) {
            List<Integer> begin = all.subList(0, k);
            if (k % 37 == 0 || k < 60) {
                assertThat((double) of(begin, 0)).isBetween(0.7 * k - 1.5, 0.7 * k + 1.5);
                assertThat((double) of(begin, 1000)).isBetween(0.2 * k - 1.5, 0.2 * k + 1.5);
            }
        }
        assertThat(of(all, 0)).isEqualTo(2331);
        assertThat(of(all, 1000)).isEqualTo(666);
        assertThat(of(all, 2000)).isEqualTo(333);
    }

    @Test
    void each_dataset_shows_all_its_examples_before_one_comes_again() {
        Mixture data = mixture().epochOf(200);
        List<Integer> all = IntStream.range(0, 6)
                .mapToObj(epoch -> seen(data, epoch, 0, 16))
                .flatMap(List::stream)
                .toList();
        List<Integer> small = all.stream().filter(x -> x < 1000).toList();
        for (int pass = 0; pass < 5; pass++) {
            assertThat(small.subList(pass * 40, pass * 40 + 40)).doesNotHaveDuplicates();
        }
        assertThat(small.subList(0, 40)).isNotEqualTo(small.subList(40, 80));
        assertThat(all.stream().filter(x -> x / 1000 == 1)).doesNotHaveDuplicates(); // 240 of 500.
    }

    @Test
    void an_epoch_has_as_many_examples_as_the_datasets_and_a_resume_goes_on_in_its_middle() {
        List<Integer> whole = seen(mixture(), 1, 0, 16);
        assertThat(whole).hasSize(570);
        for (int from : new int[] {16, 111, 569}) {
            assertThat(seen(mixture(), 1, from, 16)).isEqualTo(whole.subList(from, 570));
        }
    }

    @Test
    void workers_see_together_what_one_sees() {
        List<Integer> one = seen(mixture(), 2, 0, 15);
        List<List<Integer>> three = IntStream.range(0, 3)
                .mapToObj(worker -> seen(mixture(), 2, 0, 15, new BatchSlice(worker, 3)))
                .toList();
        List<Integer> together = new ArrayList<>();
        for (int batch = 0; batch < 38; batch++) {
            for (List<Integer> own : three) {
                together.addAll(own.subList(5 * batch, 5 * batch + 5));
            }
        }
        assertThat(together).isEqualTo(one);
    }

    @Test
    void weights_whose_sum_no_number_holds_are_shares_as_others_are() {
        Mixture huge = Mixture.of(Mixture.part(from(0, 40), 1e308), Mixture.part(from(1000, 40), 1e308));
        Mixture equal = Mixture.of(Mixture.part(from(0, 40), 1), Mixture.part(from(1000, 40), 1));
        assertThat(huge.fingerprint()).isEqualTo(equal.fingerprint());
        assertThat(of(seen(huge, 0, 0, 8), 1000)).isEqualTo(40);
    }

    @Test
    void what_is_held_out_is_left_out_of_every_dataset() {
        var split = SplitMethod.random().split(mixture(), 0.25, SEED);
        List<Integer> held = seen(split.validation(), 0, 0, 16);
        List<Integer> learned = IntStream.range(0, 20)
                .mapToObj(epoch -> seen(split.train(), epoch, 0, 16))
                .flatMap(List::stream)
                .distinct()
                .toList();
        assertThat(learned).hasSize(570 - split.validation().size());
        Loader unmixed = Loader.of(split.validation()).inOrder().batchSize(1).build();
        assertThat(unmixed.batches()).isEqualTo(split.validation().size());
        assertThat(held).doesNotContainAnyElementsOf(learned);
    }

    @Test
    void datasets_that_differ_are_refused_with_what_differs() {
        Dataset other = ArrayDataset.of(
                Field.floats("x", Shape.of(2)), new float[4], Field.floats("y", Shape.of()), new float[2]);
        assertThatThrownBy(() -> Mixture.of(Mixture.part(from(0, 3), 1), Mixture.part(other, 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the shape or type differs: x [] ")
                .hasMessageContaining("x [2] ")
                .hasMessageContaining("dataset 2");
        assertThatThrownBy(() -> Mixture.part(from(0, 3), 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("weights above 0, received 0.0");
    }
}
