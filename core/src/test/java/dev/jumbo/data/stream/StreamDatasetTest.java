package dev.jumbo.data.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Batch;
import dev.jumbo.data.BatchSlice;
import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamDatasetTest {
    private static final RandomState SEED = RandomState.of(7);

    /** Examples that hold their numbers, so many in a pass. */
    static StreamDataset numbers(int first, int pass) {
        return StreamDataset.of(
                List.of(Field.floats("x", Shape.of())),
                List.of(Field.floats("y", Shape.of())),
                () -> IntStream.range(first, first + pass)
                        .mapToObj(i -> Example.of((float) i, (float) i))
                        .iterator());
    }

    private static Loader loader(ExampleStream data, int epochExamples, BatchSlice part, int threads) {
        return Loader.of(data)
                .batchSize(8)
                .shuffle(SEED)
                .part(part)
                .threads(threads)
                .epochExamples(epochExamples)
                .build();
    }

    private static List<Integer> seen(Loader loader, int epoch, int from) {
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

    private static List<Integer> epochs(ExampleStream data, int epochs, int threads) {
        Loader loader = loader(data, 40, BatchSlice.WHOLE, threads);
        List<Integer> all = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            all.addAll(seen(loader, epoch, 0));
        }
        return all;
    }

    @Test
    void without_a_buffer_epochs_go_on_where_the_one_before_ended_and_passes_follow_each_other() {
        List<Integer> expected =
                IntStream.range(0, 120).map(i -> i % 50).boxed().toList();
        assertThat(epochs(numbers(0, 50), 3, 1)).isEqualTo(expected);
    }

    @Test
    void a_pass_has_each_example_once_in_another_order_each_time_and_none_leaves_its_block() {
        List<Integer> seen = epochs(numbers(0, 60).shuffleBuffer(16), 3, 1);
        List<Integer> first = seen.subList(0, 60);
        List<Integer> second = seen.subList(60, 120);
        assertThat(first)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).boxed().toList());
        assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
        for (int i = 0; i < 60; i++) {
            assertThat(first.get(i) / 16).isEqualTo(i / 16);
        }
    }

    @Test
    void any_place_of_any_pass_gives_what_the_uninterrupted_way_gives() {
        List<Integer> whole = epochs(numbers(0, 50).shuffleBuffer(16), 4, 1);
        for (int place : new int[] {0, 8, 24, 48, 56, 96, 104, 152}) {
            Loader fresh = loader(numbers(0, 50).shuffleBuffer(16), 40, BatchSlice.WHOLE, 1);
            assertThat(seen(fresh, place / 40, place % 40))
                    .as("from %d", place)
                    .isEqualTo(whole.subList(place, (place / 40 + 1) * 40));
        }
    }

    @Test
    void threads_do_not_change_the_order() {
        assertThat(epochs(numbers(0, 50).shuffleBuffer(16), 4, 3))
                .isEqualTo(epochs(numbers(0, 50).shuffleBuffer(16), 4, 1));
    }

    @Test
    void each_worker_takes_its_part_of_each_batch() {
        List<Integer> whole = epochs(numbers(0, 50).shuffleBuffer(16), 1, 1);
        List<List<Integer>> parts = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            parts.add(seen(loader(numbers(0, 50).shuffleBuffer(16), 40, new BatchSlice(rank, 3), 1), 0, 0));
        }
        List<Integer> together = new ArrayList<>();
        for (int batch = 0; batch < 5; batch++) {
            for (int rank = 0; rank < 3; rank++) {
                int rows = new BatchSlice(rank, 3).rows(8);
                together.addAll(parts.get(rank).subList(batch * rows, (batch + 1) * rows));
            }
        }
        assertThat(together).isEqualTo(whole);
    }

    @Test
    void an_empty_stream_and_one_shorter_than_a_batch_are_refused() {
        assertThatThrownBy(() -> seen(loader(numbers(0, 0), 40, BatchSlice.WHOLE, 1), 0, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a stream with examples, received none");
        assertThatThrownBy(() -> seen(loader(numbers(0, 5), 40, BatchSlice.WHOLE, 1), 0, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one batch of 8 at least, received 5");
    }

    @Test
    void a_wrong_value_names_the_example_and_the_field() {
        StreamDataset wrong = StreamDataset.of(
                List.of(Field.floats("x", Shape.of(2))),
                List.of(),
                () -> List.of(Example.of(new float[] {1, 2}), Example.of(new float[] {1}))
                        .iterator());
        assertThatThrownBy(() -> seen(loader(wrong, 40, BatchSlice.WHOLE, 1), 0, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("example 1 of the stream: expected 2 values in the field x, received 1");
    }

    @Test
    void a_stream_has_no_size() {
        assertThatThrownBy(() -> numbers(0, 5).size())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("steps_per_epoch or max_steps");
    }
}
