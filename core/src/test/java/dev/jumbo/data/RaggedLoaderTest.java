package dev.jumbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.data.sets.Truncated;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RaggedLoaderTest {
    private static final RandomState SEED = RandomState.of(9);
    private static final int SIZE = 503;
    private static final long BIG = (1L << 53) + 1;

    /** Example i begins with the id BIG + i; its length is 1 to 60. The target is the same shifted by one. */
    private static RaggedDataset sequences() {
        SplittableRandom random = new SplittableRandom(3);
        long[][] ids = new long[SIZE][];
        long[][] next = new long[SIZE][];
        for (int i = 0; i < SIZE; i++) {
            int length = 1 + random.nextInt(60);
            long first = BIG + i;
            ids[i] = IntStream.range(0, length)
                    .mapToLong(t -> t == 0 ? first : t)
                    .toArray();
            next[i] = IntStream.range(0, length).mapToLong(t -> t + 1).toArray();
        }
        return RaggedDataset.of(
                Field.tokens("tokens", 0, 7, 60),
                ids,
                Field.ids("next", Shape.of(60)).ragged(60),
                next);
    }

    private static List<Batch> batches(Loader loader, int epoch, int from) {
        List<Batch> all = new ArrayList<>();
        try (Loader.Epoch batches = loader.epoch(epoch, from)) {
            batches.forEachRemaining(all::add);
        }
        return all;
    }

    /** The examples of a batch, by their first ids. */
    private static List<Integer> examples(Batch batch) {
        Column column = batch.inputs().get(0);
        return IntStream.range(0, batch.size())
                .mapToObj(i -> (int) (column.longs()[i * column.field().elements()] - BIG))
                .toList();
    }

    private static List<Integer> examples(List<Batch> batches) {
        return batches.stream().flatMap(batch -> examples(batch).stream()).toList();
    }

    private static Loader.Builder loader() {
        return Loader.of(sequences()).shuffle(SEED).threads(2);
    }

    @Test
    void a_batch_is_padded_to_its_longest_example_and_the_mask_says_what_is_real() {
        RaggedDataset data = RaggedDataset.of(
                Field.tokens("tokens", 100, 9, 5),
                new long[][] {{1, 2, 3}, {4}, {BIG, 6}},
                Field.ids("next", Shape.of(5)).ragged(5),
                new long[][] {{2, 3, 4}, {5}, {6, 7}});
        Batch batch = batches(Loader.of(data).batchSize(3).build(), 0, 0).get(0);
        assertThat(batch.inputs().get(0).longs()).containsExactly(1, 2, 3, 4, 9, 9, BIG, 6, 9);
        assertThat(batch.targets().get(0).longs()).containsExactly(2, 3, 4, 5, -100, -100, 6, 7, -100);
        Column mask = batch.sides().get(0);
        assertThat(mask.field().name()).isEqualTo("mask");
        assertThat(((Column.Bools) mask).bools())
                .containsExactly(true, true, true, true, false, false, true, true, false);
        Batch rounded = batches(Loader.of(data).batchSize(3).padToMultipleOf(4).build(), 0, 0)
                .get(0);
        assertThat(rounded.inputs().get(0).shape()).isEqualTo(Shape.of(3, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 100, 900})
    void every_epoch_has_each_example_once_in_the_same_number_of_batches(int tokens) {
        Loader loader = loader().batchSize(16).tokensPerBatch(tokens).build();
        List<List<Integer>> seen = new ArrayList<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Batch> batches = batches(loader, epoch, 0);
            assertThat(batches).hasSize(loader.batches());
            List<Integer> all = examples(batches);
            assertThat(all).hasSize(SIZE).doesNotHaveDuplicates();
            seen.add(all);
            for (Batch batch : batches) {
                long padded = batch.inputs().get(0).shape().elements();
                assertThat(padded).isLessThanOrEqualTo(tokens == 0 ? 16 * 60 : tokens);
            }
        }
        assertThat(seen.get(0)).isNotEqualTo(seen.get(1));
    }

    @Test
    void batches_of_similar_lengths_have_a_fraction_of_the_padding() {
        assertThat(padding(loader().batchSize(16).build())).isLessThan(0.12);
        assertThat(padding(loader().batchSize(16).bucketing(false).build())).isGreaterThan(0.4);
    }

    private static double padding(Loader loader) {
        long padded = 0;
        long real = 0;
        for (Batch batch : batches(loader, 0, 0)) {
            boolean[] mask = ((Column.Bools) batch.sides().get(0)).bools();
            padded += mask.length;
            for (boolean step : mask) {
                real += step ? 1 : 0;
            }
        }
        return 1 - (double) real / padded;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256})
    void the_parts_of_all_workers_are_the_batches_of_one(int tokens) {
        List<Batch> whole =
                batches(loader().batchSize(16).tokensPerBatch(tokens).build(), 1, 0);
        for (int workers : new int[] {2, 3, 5}) {
            List<List<Batch>> parts = IntStream.range(0, workers)
                    .mapToObj(worker -> batches(
                            loader().batchSize(16)
                                    .tokensPerBatch(tokens)
                                    .part(new BatchSlice(worker, workers))
                                    .build(),
                            1,
                            0))
                    .toList();
            for (int b = 0; b < whole.size(); b++) {
                int number = b;
                long[] joined = parts.stream()
                        .flatMapToLong(part ->
                                Arrays.stream(part.get(number).inputs().get(0).longs()))
                        .toArray();
                assertThat(joined).isEqualTo(whole.get(b).inputs().get(0).longs());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256})
    void a_resume_in_the_middle_of_an_epoch_goes_on_with_the_same_batches(int tokens) {
        Loader loader = loader().batchSize(16).tokensPerBatch(tokens).build();
        List<Batch> whole = batches(loader, 2, 0);
        for (int from : new int[] {1, whole.size() / 2, whole.size()}) {
            Loader again = loader().batchSize(16).tokensPerBatch(tokens).build();
            List<Batch> rest = batches(again, 2, from);
            assertThat(examples(rest)).isEqualTo(examples(whole.subList(from, whole.size())));
            assertThat(Stream.concat(whole.subList(0, from).stream(), whole.subList(from, whole.size()).stream())
                            .mapToInt(Batch::size)
                            .sum())
                    .isEqualTo(SIZE);
        }
    }

    @Test
    void a_resume_with_another_batch_size_is_refused_where_batches_are_cut_by_length() {
        Loader loader = loader().batchSize(16).build();
        int third = loader.rowsFrom(0, 0) + loader.rowsFrom(0, loader.rowsFrom(0, 0));
        Loader other = loader().batchSize(15).build();
        assertThatThrownBy(() -> other.epochFrom(0, third))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("batch_size that it was begun with");
    }

    @Test
    void without_shuffling_batches_by_tokens_keep_the_order() {
        Loader loader = Loader.of(sequences()).tokensPerBatch(200).build();
        assertThat(examples(batches(loader, 0, 0)))
                .isEqualTo(IntStream.range(0, SIZE).boxed().toList());
    }

    @Test
    void an_example_longer_than_a_batch_allows_is_an_error_that_says_what_to_write() {
        assertThatThrownBy(() -> loader().tokensPerBatch(40).build())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 40 steps")
                .hasMessageContaining("max_length with truncate: true");
        assertThatThrownBy(() -> Truncated.of(sequences(), 40, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("of 503 are longer");
    }

    @Test
    void a_truncated_dataset_loses_the_ends_of_long_examples_alone() {
        Dataset cut = Truncated.of(sequences(), 40, true);
        assertThat(cut.inputs().get(0).shape()).isEqualTo(Shape.of(40));
        Loader loader =
                Loader.of(cut).shuffle(SEED).tokensPerBatch(80).threads(2).build();
        assertThat(examples(batches(loader, 0, 0))).hasSize(SIZE).doesNotHaveDuplicates();
        assertThat(batches(loader, 0, 0))
                .allSatisfy(batch ->
                        assertThat(batch.inputs().get(0).shape().size(1)).isLessThanOrEqualTo(40));
    }

    @Test
    void a_normalization_of_ragged_numbers_is_fitted_on_real_steps_and_leaves_padding_at_0() {
        Field field = Field.floats("steps", Shape.of(3, 2)).ragged(3);
        RaggedDataset data = RaggedDataset.of(
                field, new float[][] {{1, 10, 3, 30}, {5, 50}}, Field.classId("y", List.of("a", "b")), new long[] {0, 1
                });
        Preprocessing scaled = Normalizer.Z_SCORE.fit(data);
        Batch batch = batches(Loader.of(data).batchSize(2).preprocessing(scaled).build(), 0, 0)
                .get(0);
        float unit = (float) Math.sqrt(1.5); // (5 - 3) over the deviation of 1, 3, 5
        assertThat(batch.inputs().get(0).floats())
                .containsExactly(new float[] {-unit, -unit, 0, 0, unit, unit, 0, 0}, within());
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(1e-6f);
    }
}
