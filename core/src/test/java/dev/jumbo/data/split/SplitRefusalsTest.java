package dev.jumbo.data.split;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SplitRefusalsTest {
    private static final Dataset PRICES = ArrayDataset.of(
            List.of(ArrayDataset.column(Field.floats("x", Shape.of()), new float[] {1, 2, 3})),
            List.of(ArrayDataset.column(Field.floats("Kaufpreis", Shape.of()), new float[] {1, 2, 3})));

    @Test
    void stratified_of_a_number_says_what_the_target_is_and_what_to_write() {
        assertThatThrownBy(
                        () -> new StratifiedSplit().choose(PRICES, Keys.none(), new Shares(0.3, 0), RandomState.of(1)))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "Kaufpreis is a number; stratified needs classes: write train: {split: random} (or last, time or"
                                + " group), or columns: {'Kaufpreis': category} if its values are classes");
    }

    @Test
    void a_missing_time_or_group_is_told_with_its_row_and_yaml_that_can_be_written() {
        Keys keys = new Keys() {
            @Override
            public List<@Nullable String> column(String name) {
                return Arrays.asList("2020-01-01", null, null);
            }

            @Override
            public String place(int example) {
                return "row " + (example + 5) + " of a.csv";
            }
        };
        for (SplitMethod split : List.of(new TimeSplit("sold on"), new GroupSplit("sold on", null))) {
            assertThatThrownBy(() -> split.choose(PRICES, keys, new Shares(0.3, 0), RandomState.of(1)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(
                            "row 6 of a.csv and in 1 more; write clean: [missing: {fill: drop, columns: ['sold"
                                    + " on']}] in data.dataset.table");
        }
    }
}
