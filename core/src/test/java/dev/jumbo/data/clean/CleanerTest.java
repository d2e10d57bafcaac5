package dev.jumbo.data.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.clean.steps.Action;
import dev.jumbo.data.clean.steps.Dependency;
import dev.jumbo.data.clean.steps.Duplicates;
import dev.jumbo.data.clean.steps.MissingValues;
import dev.jumbo.data.clean.steps.NormalizeText;
import dev.jumbo.data.clean.steps.NumbersOnly;
import dev.jumbo.data.clean.steps.Outliers;
import dev.jumbo.data.clean.steps.ParseNumber;
import dev.jumbo.data.clean.steps.Replace;
import dev.jumbo.data.clean.steps.ValidRange;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Kinds;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CleanerTest {
    @Test
    void missing_values_are_filled_or_their_rows_dropped() {
        Table numbers = column("1", null, "4", "1");
        assertThat(cleaned(numbers, fill(MissingValues.Fill.MEAN))).containsExactly("1", "2", "4", "1");
        assertThat(cleaned(numbers, fill(MissingValues.Fill.MEDIAN))).containsExactly("1", "1", "4", "1");
        assertThat(cleaned(numbers, fill(MissingValues.Fill.MODE))).containsExactly("1", "1", "4", "1");
        assertThat(cleaned(numbers, fill(MissingValues.Fill.DROP))).containsExactly("1", "4", "1");
        assertThat(cleaned(numbers, new MissingValues(MissingValues.Fill.CONSTANT, List.of("x"), "9")))
                .containsExactly("1", "9", "4", "1");
    }

    @Test
    void of_equal_rows_or_keys_the_first_is_kept() {
        Table table = Table.of(
                List.of("id", "x"), List.of(TextColumn.of("a", "a", "a", "b"), TextColumn.of("1", "1", "2", "1")));
        assertThat(Cleaner.of(Duplicates.rows()).clean(table).table().rows()).isEqualTo(3);
        Cleaned byKey = Cleaner.of(new Duplicates(List.of("id"))).clean(table);
        assertThat(byKey.table().rows()).isEqualTo(2);
        assertThat(byKey.table().sourceRow(1)).isEqualTo(4);
        assertThat(byKey.report().steps().get(0).rowsDropped()).isEqualTo(2);
    }

    /** pandas.read_csv(...).drop_duplicates() keeps 4 of the numbers; with one code among them (dtype=str) the texts differ. */
    @Test
    void numbers_are_duplicates_in_any_spelling_and_codes_are_not() {
        Table numbers =
                column("1", "1.0", "1.00", "-0", "0", "1e0", "9007199254740993", "9007199254740992", null, null);
        assertThat(cleaned(numbers, Duplicates.rows()))
                .containsExactly("1", "-0", "9007199254740993", "9007199254740992", null);
        assertThat(cleaned(column("7", "007", "7.0", "7"), Duplicates.rows())).containsExactly("7", "007", "7.0");
        assertThat(cleaned(column("1", "1.0", "one"), Duplicates.rows())).containsExactly("1", "1.0", "one");
        for (String check : List.of("unique: [x]", "distinct: {column: x, min: 2}")) {
            assertThat(Cleaner.of(step("expect: {checks: [" + check + "]}"))
                            .clean(column("1", "1.0"))
                            .report()
                            .isAsExpected())
                    .as(check)
                    .isFalse();
        }
    }

    @Test
    void numbers_out_of_range_are_clipped_dropped_or_missing() {
        Table ages = column("-3", "20", "400", null);
        assertThat(cleaned(ages, ValidRange.numbers("x", 0, 120, Action.CLIP))).containsExactly("0", "20", "120", null);
        assertThat(cleaned(ages, ValidRange.numbers("x", 0, 120, Action.DROP))).containsExactly("20", null);
        assertThat(cleaned(ages, ValidRange.numbers("x", 0, 120, Action.MISSING)))
                .containsExactly(null, "20", null, null);
    }

    @Test
    void texts_outside_a_set_or_pattern_become_missing() {
        ValidRange set = new ValidRange(List.of("x"), null, null, List.of("a", "b"), null, Action.MISSING);
        assertThat(cleaned(column("a", "c"), set)).containsExactly("a", null);
        assertThat(cleaned(column("12345", "1234"), ValidRange.matching("x", "\\d{5}", Action.MISSING)))
                .containsExactly("12345", null);
    }

    /** Bounds by NumPy: of 1..9 and 100 the quartiles are 3.25 and 7.75, so the fence is 14.5; the z-score of 100 is 2.98. */
    @Test
    void outliers_by_quartiles_deviation_and_median_distance() {
        Table table = Table.of(List.of("x"), List.of(NumberColumn.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 100)));
        assertThat(last(table, Outliers.Method.IQR, null, Action.CLIP)).isEqualTo("14.5");
        assertThat(last(table, Outliers.Method.Z_SCORE, 2.9, Action.MISSING)).isNull();
        assertThat(last(table, Outliers.Method.Z_SCORE, null, Action.MISSING)).isEqualTo("100");
        assertThat(last(table, Outliers.Method.MAD, null, Action.DROP)).isEqualTo("9");
    }

    @Test
    void numbers_with_units_are_parsed_and_other_texts_left() {
        assertThat(cleaned(column("12.0 oz.", "5%", "1,200", "-0.5", "twelve", "3-4"), ParseNumber.of("x")))
                .containsExactly("12", "0.05", "1200", "-0.5", "twelve", "3-4");
        assertThat(cleaned(column("5 kg", "5 lb"), new ParseNumber(List.of("x"), List.of("kg"), true, null)))
                .containsExactly("5", "5 lb");
    }

    @Test
    void texts_are_brought_to_one_spelling() {
        assertThat(cleaned(column(" A  b ", "c"), new NormalizeText(List.of(), true, true, true)))
                .containsExactly("a b", "c");
    }

    @Test
    void a_text_among_numbers_becomes_missing_with_a_reason_and_a_sample() {
        CleaningReport report = Cleaner.of(new NumbersOnly(List.of("x")))
                .clean(column("1", "one", "1e3", "NaN"))
                .report();
        assertThat(report.cellsChanged()).isEqualTo(2);
        assertThat(report.steps().get(0).reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.reason()).isEqualTo("not a number");
            assertThat(reason.samples().get(0)).isEqualTo(new CleaningReport.Sample(2, "x", "one", null));
        });
        assertThat(report.text()).contains("row 2, \"one\" -> missing");
    }

    @Test
    void a_dependency_repairs_removes_or_reports_the_minority() {
        Table table = Table.of(
                List.of("zip", "city"),
                List.of(
                        TextColumn.of("1", "1", "1", "1", "2", "2"),
                        TextColumn.of("Ulm", "Ulm", "Olm", null, "Bonn", "Köln")));
        Dependency repair = Dependency.of(List.of("zip"), "city");
        assertThat(texts(Cleaner.of(repair).clean(table).table(), 1))
                .containsExactly("Ulm", "Ulm", "Ulm", "Ulm", "Bonn", "Köln");
        Dependency report = new Dependency(List.of("zip"), List.of("city"), Dependency.Repair.REPORT, 0.5, 2);
        CleaningReport flagged = Cleaner.of(report).clean(table).report();
        assertThat(flagged.cellsChanged()).isZero();
        assertThat(flagged.steps().get(0).reasons())
                .extracting(reason -> reason.reason() + " " + reason.flagged())
                .containsExactly(
                        "disagrees with the majority of zip 1",
                        "missing, filled from the majority of zip 1",
                        "rows of the same zip disagree, no majority 2");
    }

    @Test
    void rows_of_a_key_without_a_majority_are_reported_and_left() {
        Table table = Table.of(
                List.of("k", "v"),
                List.of(
                        TextColumn.of("1", "1", "2", "2", "2", "3", "4", "4"),
                        TextColumn.of("a", "b", "x", null, "y", "alone", "same", "same")));
        for (Dependency.Repair action : Dependency.Repair.values()) {
            Cleaned cleaned = Cleaner.of(new Dependency(List.of("k"), List.of("v"), action, 0.5, 2))
                    .clean(table);
            assertThat(cleaned.report().cellsChanged()).isZero();
            assertThat(cleaned.report().steps().get(0).reasons())
                    .extracting(reason -> reason.reason() + " " + reason.flagged())
                    .containsExactly("rows of the same k disagree, no majority 4");
        }
    }

    @Test
    void cleaning_that_leaves_no_row_names_the_step_that_dropped_most() {
        Cleaned cleaned = Cleaner.of(
                        ValidRange.numbers("x", 1, 9, Action.DROP), ValidRange.numbers("x", 100, 200, Action.DROP))
                .clean(column("0", "5", "6"));
        assertThatThrownBy(() -> cleaned.report().requireRows("train"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train table after cleaning, received none of 3: step 2 (range) dropped 2")
                .hasMessageContaining("x: below 100 (as in row 2)");
        assertThatThrownBy(() -> Cleaner.of().clean(column()).report().requireRows("test"))
                .hasMessageContaining("received none of 0: no record could be read");
        Cleaner.of().clean(column("1")).report().requireRows("train");
    }

    @Test
    void a_cell_changed_twice_counts_in_each_step_and_once_in_all() {
        CleaningReport report = Cleaner.of(Replace.in("x", "a", "b"), Replace.in("x", "b", "c"))
                .clean(column("a", "b", "z"))
                .report();
        assertThat(report.steps()).extracting(CleaningReport.Step::cellsChanged).containsExactly(1L, 2L);
        assertThat(report.cellsChanged()).isEqualTo(2);
    }

    @Test
    void agreement_counts_detected_repaired_and_wrongly_changed() {
        Table dirty = keyed("1", "x", "2", "b", "3", "y", "4", "z");
        Table result = keyed("1", "a", "2", "q", "3", "w", "4", "z");
        Table clean = keyed("1", "a", "2", "b", "3", "c", "4", "d");
        assertThat(CleaningAgreement.of(dirty, result, clean, "id")).isEqualTo(new CleaningAgreement(3, 3, 2, 1, 1));
        assertThatThrownBy(() -> CleaningAgreement.of(dirty, result, keyed("1", "a"), "id"))
                .hasMessageContaining("no row with id 2");
    }

    @Test
    void the_dirty_table_is_left_as_it_was() {
        Table dirty = column("a", null);
        Cleaner.of(Replace.in("x", "a", "b")).clean(dirty);
        assertThat(texts(dirty, 0)).containsExactly("a", null);
    }

    @Test
    void rejects_steps_that_cannot_work() {
        assertThatThrownBy(() -> cleaned(column("a"), new NumbersOnly(List.of("y"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column \"y\"");
        assertThatThrownBy(() -> cleaned(column("a", null), fill(MissingValues.Fill.MEAN)))
                .hasMessageContaining("use mode, constant or drop");
        assertThatThrownBy(() -> new Replace("(", "", List.of())).hasMessageContaining("regular expression");
        assertThatThrownBy(() -> new Replace("a", "$1", List.of())).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new ValidRange(List.of("x"), null, null, List.of(), null, Action.DROP))
                .hasMessageContaining("received none");
    }

    @Test
    void bounds_between_which_nothing_lies_are_refused_with_file_and_line() {
        for (String step : List.of(
                "range: {columns: [x], min: 10, max: 5}",
                "range: {columns: [x], min: 10, max: 5, action: drop}",
                "range: {columns: [x], min: 9007199254740993, max: 9007199254740992}",
                "range: {columns: [x], min: .nan}",
                "range: {columns: [x], max: .inf}",
                "outliers: {columns: [x], threshold: .inf}",
                "outliers: {columns: [x], threshold: .nan}",
                "outliers: {columns: [x], threshold: -1}",
                "expect: {checks: [range: {columns: [x], min: 10, max: 5}]}",
                "expect: {checks: [range: {columns: [x], min: .nan}]}",
                "expect: {checks: [mean: {column: x, min: .nan}]}",
                "expect: {checks: [median: {column: x, min: 2, max: 1}]}",
                "expect: {checks: [in_set: {columns: [x], values: []}]}")) {
            assertThatThrownBy(() -> step("\n" + step))
                    .as(step)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("test.yaml:2");
        }
    }

    /** 2^53 and 2^53 + 1, which are one double; by Python's int. */
    @Test
    void ranges_compare_whole_numbers_beyond_the_digits_of_a_double() {
        Table ids = column("9007199254740992", "9007199254740993", "9007199254740994", "inf");
        CleaningStep range = step("range: {columns: [x], min: 9007199254740993, max: 9007199254740993, action: drop}");
        assertThat(cleaned(ids, range)).containsExactly("9007199254740993");
        assertThat(cleaned(ids, step("range: {columns: [x], max: 9007199254740993, action: clip}")))
                .containsExactly("9007199254740992", "9007199254740993", "9007199254740993", "9007199254740993");
        assertThat(Kinds.records()
                        .read(
                                CleaningStep.class,
                                YamlFile.parse(
                                        "test.yaml",
                                        Kinds.records()
                                                .write(CleaningStep.class, range)
                                                .toString())))
                .isEqualTo(range);
        assertThat(step("range: {columns: [x], min: 0.50, max: 1e3}"))
                .isEqualTo(ValidRange.numbers("x", 0.5, 1000, Action.MISSING));
    }

    private static CleaningStep step(String yaml) {
        return Kinds.records().read(CleaningStep.class, YamlFile.parse("test.yaml", yaml));
    }

    private static MissingValues fill(MissingValues.Fill fill) {
        return new MissingValues(fill, List.of(), null);
    }

    private static @Nullable String last(
            Table table, Outliers.Method method, @Nullable Double threshold, Action action) {
        List<@Nullable String> values = cleaned(table, new Outliers(List.of("x"), method, threshold, action));
        return values.get(values.size() - 1);
    }

    private static Table column(@Nullable String... values) {
        return Table.of(List.of("x"), List.of(TextColumn.of(values)));
    }

    private static Table keyed(String... idsAndValues) {
        String[] ids = new String[idsAndValues.length / 2];
        String[] values = new String[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = idsAndValues[2 * i];
            values[i] = idsAndValues[2 * i + 1];
        }
        return Table.of(List.of("id", "x"), List.of(TextColumn.of(ids), TextColumn.of(values)));
    }

    private static List<@Nullable String> cleaned(Table table, CleaningStep step) {
        return texts(Cleaner.of(step).clean(table).table(), 0);
    }

    private static List<@Nullable String> texts(Table table, int column) {
        return IntStream.range(0, table.rows())
                .<@Nullable String>mapToObj(row -> table.text(row, column))
                .toList();
    }
}
