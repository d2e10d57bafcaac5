package dev.jumbo.data.clean.expect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectTest {
    private static final Table TABLE = Table.of(
            List.of("id", "age", "state", "day"),
            List.of(
                    TextColumn.of("1", "2", "2", "4"),
                    TextColumn.of("30", null, "41.5", "-2"),
                    TextColumn.of("open", "closed", "opne", "open"),
                    TextColumn.of("2020-01-01", "2020-01-03", "2020-01-02", "soon")));

    private static CleaningStep step(String yaml) {
        return Kinds.records().read(CleaningStep.class, YamlFile.parse("test.yaml", yaml));
    }

    private static Cleaned cleaned(String checks) {
        return Cleaner.of(step("expect: {checks: [" + checks + "]}")).clean(TABLE);
    }

    private static void require(String check, boolean met, String found) {
        Cleaned cleaned = cleaned(check);
        CleaningReport.Step step = cleaned.report().steps().get(0);
        assertThat(step.verdicts()).as(check).singleElement().satisfies(verdict -> {
            assertThat(verdict.met()).as("%s: %s", check, verdict).isEqualTo(met);
            assertThat(verdict.found()).contains(found);
        });
        assertThat(cleaned.report().isAsExpected()).isEqualTo(met);
        assertThat(cleaned.report().cellsChanged() + step.rowsDropped()).isZero();
    }

    /** Statistics by pandas: mean 23.1667, median 30.0, std (ddof 1) 22.5407 of 30, 41.5 and -2. */
    @Test
    void each_expectation_has_a_verdict_and_changes_nothing() {
        require("{not_missing: {columns: [id]}}", true, "0 of 4");
        require("{not_missing: {columns: [age]}}", false, "1 of 4");
        require("{not_missing: {columns: [age], mostly: 0.75}}", true, "1 of 4");
        require("{unique: {columns: [id]}}", false, "1 of 4");
        require("{unique: {columns: [id, state]}}", true, "0 of 4");
        require("{range: {columns: [age], min: 0, max: 120}}", false, "1 of 3");
        require("{range: {columns: [age], min: -2, max: 41.5}}", true, "0 of 3");
        require("{in_set: {columns: [state], values: [open, closed]}}", false, "1 of 4");
        require("{matches: {columns: [day], pattern: '\\d{4}-.*'}}", false, "1 of 4");
        require("{numbers: {columns: [age]}}", true, "0 of 3");
        require("{dates: {columns: [day]}}", false, "1 of 4");
        require("{rule: {check: age >= 0}}", false, "1 of 3");
        require("{row_count: {min: 4, max: 4}}", true, "4");
        require("{row_count: {min: 5}}", false, "4");
        require("{monotonic: id}", true, "0 values");
        require("{monotonic: {column: id, strictly: true}}", false, "1 values");
        require("{monotonic: day}", false, "2 values");
        require("{monotonic: {column: id, direction: decreasing}}", false, "2 values");
        require("{mean: {column: age, min: 23.1666, max: 23.1667}}", true, "of 3 numbers");
        require("{median: {column: age, min: 30, max: 30}}", true, "30 of 3");
        require("{std: {column: age, min: 22.5407, max: 22.5408}}", true, "of 3 numbers");
        require("{mean: {column: state, min: 0}}", false, "too few");
        require("{distinct: {column: state, max: 2}}", false, "3");
    }

    /** 2^53 and 2^53 + 1, which are one double; by Python's int. */
    @Test
    void expectations_compare_whole_numbers_beyond_the_digits_of_a_double_and_count_what_cannot_be_checked() {
        Table ids = Table.of(List.of("id"), List.of(TextColumn.of("9007199254740993", "9007199254740992")));
        for (String check : List.of(
                "{range: {columns: [id], min: 9007199254740993}}",
                "{monotonic: id}",
                "{rule: {check: id > 9007199254740992}}")) {
            assertThat(Cleaner.of(step("expect: {checks: [" + check + "]}"))
                            .clean(ids)
                            .report()
                            .isAsExpected())
                    .as(check)
                    .isFalse();
        }
        require("{range: {columns: [id], min: 1, max: 4.0}}", true, "0 of 4");
        require("{rule: {check: id / (id - 2) > 0}}", false, "3 of 4 rows are not so, 2 of them cannot be checked");
    }

    @Test
    void what_is_not_as_expected_is_shown_and_ends_the_run_only_where_that_is_asked_for() {
        Cleaned cleaned = cleaned("{in_set: {columns: [state], values: [open, closed]}}");
        assertThat(cleaned.report().steps().get(0).reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.flagged()).isEqualTo(1);
            assertThat(reason.samples().get(0).before()).isEqualTo("opne");
        });
        assertThat(cleaned.report().text()).contains("NOT MET: state: one of open, closed; 1 of 4 values are not");
        assertThat(Kinds.records().write(CleaningReport.class, cleaned.report()).at("/steps/0/verdicts/0/met"))
                .hasToString("false");
        cleaned.report().requireExpected("train");
        Cleaned failing = Cleaner.of(step("expect: {checks: [{row_count: {min: 9}}], fail: true}"))
                .clean(TABLE);
        assertThatThrownBy(() -> failing.report().requireExpected("train"))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("rows: at least 9, found 4");
    }

    @Test
    void an_expectation_that_cannot_be_is_refused() {
        for (String wrong : List.of(
                "{row_count: {min: 5, max: 4}}",
                "{range: {columns: [age]}}",
                "{not_missing: {mostly: 0}}",
                "{matches: {columns: [a], pattern: '['}}",
                "{unique: {columns: []}}",
                "{uniqe: {columns: [a]}}")) {
            assertThatThrownBy(() -> cleaned(wrong)).as(wrong).isInstanceOf(InputException.class);
        }
    }
}
