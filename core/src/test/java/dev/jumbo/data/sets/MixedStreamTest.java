package dev.jumbo.data.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.stream.StreamDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixedStreamTest {
    private static StreamDataset from(String name, int first, int size) {
        return StreamDataset.of(
                        List.of(Field.floats(name, Shape.of())),
                        List.of(),
                        () -> IntStream.range(first, first + size)
                                .mapToObj(i -> Example.of((float) i))
                                .iterator())
                .shuffleBuffer(8);
    }

    private static MixedStream mixed() {
        return MixedStream.of(
                MixedStream.part(from("x", 0, 40), 7),
                MixedStream.part(from("x", 1000, 500), 2),
                MixedStream.part(from("x", 2000, 30), 1));
    }

    private static List<Integer> seen(ExampleStream stream, long place, int count) {
        List<Integer> seen = new ArrayList<>();
        try (ExampleStream.Flow flow = stream.flow(RandomState.of(5), place)) {
            for (int i = 0; i < count; i++) {
                seen.add((int) ((float[]) flow.next().values().get(0))[0]);
            }
        }
        return seen;
    }

    @Test
    void any_stretch_has_the_shares_to_within_two() {
        List<Integer> seen = seen(mixed(), 0, 400);
        for (int from : new int[] {0, 37, 100, 250}) {
            List<Integer> stretch = seen.subList(from, from + 100);
            assertThat(stretch.stream().filter(x -> x < 1000).count()).isBetween(68L, 72L);
            assertThat(stretch.stream().filter(x -> x >= 2000).count()).isBetween(8L, 12L);
        }
    }

    @Test
    void each_stream_goes_through_all_of_its_own_examples() {
        List<Integer> first =
                seen(mixed(), 0, 400).stream().filter(x -> x < 1000).limit(80).toList();
        List<Integer> all = IntStream.range(0, 40).boxed().toList();
        assertThat(first.subList(0, 40)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(first.subList(40, 80))
                .containsExactlyInAnyOrderElementsOf(all)
                .isNotEqualTo(first.subList(0, 40));
    }

    @Test
    void any_place_gives_what_the_uninterrupted_way_gives() {
        List<Integer> whole = seen(mixed(), 0, 400);
        for (int place : new int[] {1, 7, 40, 133, 390}) {
            assertThat(seen(mixed(), place, 10)).as("from %d", place).isEqualTo(whole.subList(place, place + 10));
        }
    }

    @Test
    void other_fields_and_weights_of_0_are_refused() {
        assertThatThrownBy(() ->
                        MixedStream.of(MixedStream.part(from("x", 0, 4), 1), MixedStream.part(from("other", 0, 4), 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the name differs");
        assertThatThrownBy(() -> MixedStream.part(from("x", 0, 4), 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected weights above 0");
    }
}
