package dev.jumbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoaderTest {
    private static final RandomState SEED = RandomState.of(5);

    /** Ten examples: example i has the values 10 i and 10 i + 1, and the class i mod 2. */
    private static Dataset numbers() {
        float[] values = new float[20];
        long[] ids = new long[10];
        for (int i = 0; i < 10; i++) {
            values[2 * i] = 10 * i;
            values[2 * i + 1] = 10 * i + 1;
            ids[i] = i % 2;
        }
        return ArrayDataset.of(Field.floats("x", Shape.of(2)), values, Field.classId("y", List.of("even", "odd")), ids);
    }

    private static List<float[]> values(Loader loader, int epoch, int from) {
        List<float[]> all = new ArrayList<>();
        try (Loader.Epoch batches = loader.epoch(epoch, from)) {
            while (batches.hasNext()) {
                all.add(batches.next().inputs().get(0).floats());
            }
        }
        return all;
    }

    private static int[] examples(Loader loader, int epoch) {
        return values(loader, epoch, 0).stream()
                .flatMap(batch -> IntStream.range(0, batch.length / 2).mapToObj(i -> (int) batch[2 * i] / 10))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Test
    void gives_the_examples_in_order_and_a_smaller_last_batch() {
        Loader loader = Loader.of(numbers()).batchSize(4).build();
        assertThat(loader.batches()).isEqualTo(3);
        assertThat(examples(loader, 0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(values(loader, 0, 0)).extracting(batch -> batch.length).containsExactly(8, 8, 4);
    }

    @Test
    void parts_of_all_workers_in_order_are_the_batch_of_one() {
        BatchAugmentation reversed = (batch, random) -> {
            Column mixed = Column.of(batch.inputs().get(0).field(), batch.size());
            int last = 2 * batch.size() - 1;
            for (int i = 0; i <= last; i++) {
                mixed.floats()[i] = batch.inputs().get(0).floats()[last - i];
            }
            return new Batch(List.of(mixed), batch.targets(), batch.size());
        };
        for (BatchAugmentation mixing : Arrays.asList(null, reversed)) {
            for (int workers : new int[] {1, 2, 3, 5}) {
                List<List<float[]>> parts = IntStream.range(0, workers)
                        .mapToObj(worker -> values(
                                Loader.of(numbers())
                                        .batchSize(4)
                                        .shuffle(SEED)
                                        .mixing(mixing)
                                        .part(new BatchSlice(worker, workers))
                                        .build(),
                                1,
                                0))
                        .toList();
                List<float[]> whole = values(
                        Loader.of(numbers())
                                .batchSize(4)
                                .shuffle(SEED)
                                .mixing(mixing)
                                .build(),
                        1,
                        0);
                for (int batch = 0; batch < whole.size(); batch++) {
                    List<Float> joined = new ArrayList<>();
                    for (List<float[]> part : parts) {
                        for (float value : part.get(batch)) {
                            joined.add(value);
                        }
                        // Two values an example, and shares that differ by one example at most.
                        int rows = whole.get(batch).length / 2;
                        assertThat(part.get(batch).length / 2)
                                .isBetween(rows / workers, (rows + workers - 1) / workers);
                    }
                    assertThat(joined).containsExactly(box(whole.get(batch)));
                }
            }
        }
    }

    private static Float[] box(float[] values) {
        Float[] boxed = new Float[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }

    @Test
    void leaves_out_a_last_batch_that_is_not_full_where_asked() {
        Loader loader = Loader.of(numbers()).batchSize(4).dropLast(true).build();
        assertThat(loader.batches()).isEqualTo(2);
        assertThat(examples(loader, 0)).hasSize(8);
    }

    @Test
    void gives_one_batch_where_it_is_larger_than_the_dataset_and_none_to_drop() {
        Loader loader = Loader.of(numbers()).batchSize(Integer.MAX_VALUE).build();
        assertThat(loader.batches()).isEqualTo(1);
        assertThat(examples(loader, 0)).hasSize(10);
        assertThatThrownBy(
                        () -> Loader.of(numbers()).batchSize(11).dropLast(true).build())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least 11 examples")
                .hasMessageContaining("received 10");
    }

    @Test
    void shuffles_every_epoch_differently_and_loses_no_example() {
        Loader loader = Loader.of(numbers()).batchSize(3).shuffle(SEED).build();
        int[] first = examples(loader, 0);
        int[] second = examples(loader, 1);
        assertThat(first).isNotEqualTo(second);
        for (int[] order : List.of(first, second)) {
            assertThat(Arrays.stream(order).sorted()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        }
    }

    @Test
    void visits_examples_in_an_order_that_batch_size_and_threads_do_not_change() {
        int[] one = examples(Loader.of(numbers()).batchSize(3).shuffle(SEED).build(), 4);
        int[] other = examples(
                Loader.of(numbers()).batchSize(5).threads(3).shuffle(SEED).build(), 4);
        assertThat(other).isEqualTo(one);
    }

    @Test
    void augments_an_example_alike_whatever_the_batch_size_and_the_threads() {
        Augmentation noise = (values, offset, image, random) -> {
            values[offset] += (float) random.nextDouble();
        };
        float[] one = flat(values(
                Loader.of(numbers())
                        .batchSize(2)
                        .shuffle(SEED)
                        .augmentations(List.of(noise))
                        .build(),
                1,
                0));
        float[] other = flat(values(
                Loader.of(numbers())
                        .batchSize(7)
                        .threads(2)
                        .shuffle(SEED)
                        .augmentations(List.of(noise))
                        .build(),
                1,
                0));
        assertThat(other).isEqualTo(one);
        float[] nextEpoch = flat(values(
                Loader.of(numbers())
                        .batchSize(2)
                        .shuffle(SEED)
                        .augmentations(List.of(noise))
                        .build(),
                2,
                0));
        assertThat(nextEpoch).isNotEqualTo(one);
    }

    @Test
    void goes_on_in_the_middle_of_an_epoch() {
        Loader loader = Loader.of(numbers()).batchSize(3).shuffle(SEED).build();
        List<float[]> whole = values(loader, 2, 0);
        List<float[]> rest = values(loader, 2, 2);
        assertThat(rest).hasSize(whole.size() - 2);
        assertThat(flat(rest)).isEqualTo(flat(whole.subList(2, whole.size())));
    }

    @Test
    void applies_preprocessing_to_every_example() {
        Preprocessing halved = new Normalization(2, List.of(0.5), List.of(1.0));
        float[] prepared = flat(
                values(Loader.of(numbers()).batchSize(4).preprocessing(halved).build(), 0, 0));
        assertThat(prepared[0]).isEqualTo(1f);
        assertThat(prepared[19]).isEqualTo(91 / 2f + 1);
    }

    @Test
    void mixes_whole_batches_after_everything_else() {
        BatchAugmentation first = (batch, random) -> new Batch(batch.inputs(), batch.targets(), -batch.size());
        Loader loader =
                Loader.of(numbers()).batchSize(4).shuffle(SEED).mixing(first).build();
        try (Loader.Epoch batches = loader.epoch(0)) {
            assertThat(batches.next().size()).isEqualTo(-4);
        }
    }

    @Test
    void passes_an_error_of_its_threads_on() {
        Augmentation failing = (values, offset, image, random) -> {
            throw new InputException("an example that cannot be used");
        };
        Loader loader = Loader.of(numbers())
                .shuffle(SEED)
                .augmentations(List.of(failing))
                .build();
        try (Loader.Epoch batches = loader.epoch(0)) {
            assertThatThrownBy(batches::next)
                    .isInstanceOf(InputException.class)
                    .hasMessage("an example that cannot be used");
        }
    }

    @Test
    void refuses_an_empty_dataset_and_senseless_numbers() {
        Dataset empty = ArrayDataset.of(
                Field.floats("x", Shape.of(2)), new float[0], Field.classId("y", List.of("a")), new long[0]);
        assertThatThrownBy(() -> Loader.of(empty).build()).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Loader.of(numbers()).batchSize(0)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Loader.of(numbers()).threads(0)).isInstanceOf(InputException.class);
    }

    private static float[] flat(List<float[]> batches) {
        float[] all = new float[batches.stream().mapToInt(b -> b.length).sum()];
        int at = 0;
        for (float[] batch : batches) {
            System.arraycopy(batch, 0, all, at, batch.length);
            at += batch.length;
        }
        return all;
    }
}
