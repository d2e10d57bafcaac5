package dev.jumbo.data.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Beside scikit-learn: {@code src/test/python/make_split_fixtures.py}. */
class SplitOracleTest {
    private static final RandomState SEED = RandomState.of(11);
    private static final JsonNode PEER = read();

    @Test
    void a_random_split_holds_out_as_many_examples_as_train_test_split() {
        for (JsonNode size : PEER.get("sizes")) {
            TrainingSplit split =
                    Splits.random(data(size.get(0).asInt()), size.get(1).asDouble(), SEED);
            assertThat(List.of(split.train().size(), split.validation().size()))
                    .as("%s", size)
                    .containsExactly(size.get(2).asInt(), size.get(3).asInt());
        }
    }

    @Test
    void a_stratified_split_holds_out_as_many_of_each_class_as_train_test_split() {
        for (JsonNode each : PEER.get("stratified")) {
            TrainingSplit split = Splits.stratified(classes(), each.get("share").asDouble(), SEED);
            int[] counts = counts(split.validation());
            // Between classes with equal remainders, the peer draws lots.
            for (int c = 0; c < 4; c++) {
                assertThat(counts[c])
                        .as("%s", each)
                        .isBetween(ints(each.get("held"))[c] - 1, ints(each.get("held"))[c] + 1);
            }
            assertThat(IntStream.of(counts).sum())
                    .isEqualTo(IntStream.of(ints(each.get("held"))).sum());
        }
    }

    @Test
    void folds_in_order_are_those_of_kfold() {
        for (int k : new int[] {2, 3, 5, 7}) {
            List<TrainingSplit> folds = Partition.folds(data(103), Keys.none(), SplitMethod.last(), k, SEED);
            List<TrainingSplit> shuffled = Splits.kFold(data(103), k, SEED);
            for (int i = 0; i < k; i++) {
                int[] held = ints(PEER.at("/folds/kfold/" + k + "/" + i));
                assertThat(folds.get(i).validation().indices()).containsExactly(held);
                assertThat(shuffled.get(i).validation().size()).isEqualTo(held.length);
            }
        }
    }

    @Test
    void stratified_folds_have_as_many_of_each_class_as_stratified_kfold() {
        for (int k : new int[] {2, 3, 5, 7}) {
            List<TrainingSplit> folds = Splits.stratifiedKFold(classes(), k, SEED);
            for (int i = 0; i < k; i++) {
                assertThat(counts(folds.get(i).validation()))
                        .containsExactly(ints(PEER.at("/folds/stratified/" + k + "/" + i)));
            }
        }
    }

    @Test
    void folds_of_groups_are_those_of_group_kfold() {
        List<@Nullable String> groups = groups();
        for (int k : new int[] {2, 3, 4, 5}) {
            List<TrainingSplit> folds = Splits.groupKFold(data(groups.size()), groups, k);
            for (int i = 0; i < k; i++) {
                assertThat(folds.get(i).validation().indices())
                        .containsExactly(ints(PEER.at("/group/folds/" + k + "/" + i)));
            }
        }
    }

    @Test
    void as_many_groups_of_equal_size_are_held_out_as_by_group_shuffle_split() {
        for (JsonNode each : PEER.at("/group/equal")) {
            int count = each.get(0).asInt();
            List<@Nullable String> groups = IntStream.range(0, 4 * count)
                    .<@Nullable String>mapToObj(i -> "g" + i / 4)
                    .toList();
            TrainingSplit split =
                    Splits.group(data(4 * count), groups, each.get(1).asDouble(), SEED);
            assertThat(split.validation().size()).isEqualTo(4 * each.get(2).asInt());
        }
    }

    @Test
    void no_group_is_on_two_sides_of_validation_and_test() {
        List<@Nullable String> groups = groups();
        for (int seed = 0; seed < 50; seed++) {
            Partition parts = Partition.of(
                    data(groups.size()),
                    Keys.ofColumn(groups),
                    SplitMethod.group("g"),
                    new Shares(0.2, 0.2),
                    RandomState.of(seed));
            List<Set<String>> sides = new ArrayList<>();
            for (Subset part : List.of(parts.train(), parts.held(), Objects.requireNonNull(parts.test()))) {
                Set<String> side = new HashSet<>();
                Arrays.stream(part.indices()).forEach(i -> side.add(String.valueOf(groups.get(i))));
                sides.add(side);
                assertThat(part.size()).isPositive();
            }
            assertThat(Collections.disjoint(sides.get(0), sides.get(1))).isTrue();
            assertThat(Collections.disjoint(sides.get(0), sides.get(2))).isTrue();
            assertThat(Collections.disjoint(sides.get(1), sides.get(2))).isTrue();
        }
    }

    @Test
    void validation_is_strictly_later_than_training_and_equal_times_stay_together() {
        List<@Nullable String> days = List.of(
                "2026-01-03",
                "2026-01-01",
                "2026-01-03",
                "2026-01-02",
                "2026-01-04",
                "2026-01-03 12:00:00",
                "2026-01-01",
                "2026-01-02T00:00:00Z",
                "2026-01-05",
                "2026-01-03");
        Partition parts = Partition.of(
                data(10), Keys.ofColumn(days), SplitMethod.time("day"), new Shares(0.3, 0.1), RandomState.of(0));
        // By hand: the test row is the fifth of January; the three of the third are one.
        assertThat(Objects.requireNonNull(parts.test()).indices()).containsExactly(8);
        assertThat(parts.held().indices()).containsExactly(4, 5);
        assertThat(parts.train().indices()).containsExactly(0, 1, 2, 3, 6, 7, 9);
    }

    @Test
    void numbers_that_differ_beyond_the_precision_of_a_double_are_different_times() {
        List<@Nullable String> times = List.of("9007199254740993", "9007199254740992", "9007199254740991", "1");
        assertThat(Splits.time(data(4), times, 0.25).validation().indices()).containsExactly(0);
    }

    @Test
    void what_cannot_be_divided_says_why() {
        assertThatThrownBy(() -> Splits.time(data(3), List.of("1", "1", "1"), 0.3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot be divided into earlier and later");
        assertThatThrownBy(() -> Splits.time(data(3), List.of("2026-01-01", "5/1/26", "2026-01-03"), 0.3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"5/1/26\" in example 2");
        assertThatThrownBy(() -> Splits.group(data(3), List.of("a", "a", "a"), 0.3, SEED))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("two groups or more");
        assertThatThrownBy(() -> SplitMethod.group("customer").split(data(3), 0.3, SEED))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("table with the column \"customer\"");
        assertThatThrownBy(() -> SplitMethod.groupByFileName("(")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new Shares(0.5, 0.5)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Splits.random(data(3), 0.9, SEED))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("leaves the training part of 3 examples empty");
    }

    private static List<@Nullable String> groups() {
        return StreamSupport.stream(PEER.at("/group/groups").spliterator(), false)
                .<@Nullable String>map(JsonNode::asText)
                .toList();
    }

    private static Dataset data(int n) {
        return ArrayDataset.of(
                Field.floats("x", Shape.of(1)), new float[n], Field.classId("y", List.of("a", "b")), new long[n]);
    }

    private static Dataset classes() {
        long[] ids = new long[110];
        Arrays.fill(ids, 61, 93, 1);
        Arrays.fill(ids, 93, 103, 2);
        Arrays.fill(ids, 103, 110, 3);
        return ArrayDataset.of(
                Field.floats("x", Shape.of(1)), new float[110], Field.classId("y", List.of("a", "b", "c", "d")), ids);
    }

    private static int[] counts(Dataset part) {
        int[] counts = new int[4];
        IntStream.range(0, part.size()).forEach(i -> counts[(int) part.classId(i)]++);
        return counts;
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static JsonNode read() {
        try (var in =
                Objects.requireNonNull(SplitOracleTest.class.getResourceAsStream("/fixtures/splits/splits.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
