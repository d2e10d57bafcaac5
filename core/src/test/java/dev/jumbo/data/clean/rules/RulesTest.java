package dev.jumbo.data.clean.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.Columns;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.error.InputException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The oracle is Python, which evaluated the same conditions over the same rows. */
class RulesTest {
    private static Table table(JsonNode rows) {
        List<TextColumn> columns = new ArrayList<>();
        for (int c = 0; c < 5; c++) {
            TextColumn column = TextColumn.empty();
            for (JsonNode row : rows) {
                column.add(row.get(c).textValue());
            }
            columns.add(column);
        }
        return Table.of(List.of("a", "b", "s", "d", "e"), columns);
    }

    @Test
    void a_rule_holds_where_python_says_so_and_says_nothing_where_a_value_is_missing() {
        JsonNode fixture = JsonFixture.read("clean/rules");
        Table table = table(fixture.get("rows"));
        for (JsonNode each : fixture.get("rules")) {
            String rule = each.get("rule").textValue();
            Expression.Bound bound = Expression.of(rule).bind(table);
            for (int row = 0; row < table.rows(); row++) {
                assertThat(bound.of(row))
                        .as("%s in row %d", rule, row)
                        .isEqualTo(outcome(each.get("holds").get(row)));
            }
        }
    }

    private static Expression.Outcome outcome(JsonNode holds) {
        if (holds.isTextual()) {
            return Expression.Outcome.UNDEFINED;
        }
        return holds.isNull()
                ? Expression.Outcome.UNKNOWN
                : holds.booleanValue() ? Expression.Outcome.HOLDS : Expression.Outcome.VIOLATED;
    }

    private static Table abc(@Nullable String... values) {
        List<TextColumn> columns = List.of(TextColumn.empty(), TextColumn.empty(), TextColumn.empty());
        for (int i = 0; i < values.length; i++) {
            columns.get(i % 3).add(values[i]);
        }
        return Table.of(List.of("a", "b", "c"), columns);
    }

    @Test
    void numbers_are_calculated_and_compared_with_the_digits_they_are_written_with() {
        for (JsonNode each : JsonFixture.read("clean/rules").get("decimals")) {
            String rule = each.get("rule").textValue();
            for (int row = 0; row < each.get("rows").size(); row++) {
                JsonNode values = each.get("rows").get(row);
                Table table = abc(
                        values.get(0).textValue(),
                        values.get(1).textValue(),
                        values.get(2).textValue());
                assertThat(Expression.of(rule).bind(table).of(0))
                        .as("%s of %s", rule, values)
                        .isEqualTo(outcome(each.get("holds").get(row)));
            }
        }
    }

    /** By Python: 1 / 3 is 0.3333333333333333, 2 / 3 is 0.6666666666666666, 10 / 7 is 1.4285714285714286. */
    @Test
    void a_quotient_equals_what_a_double_writes_of_it_and_nothing_else() {
        Table table = abc(
                "1",
                "3",
                "0.3333333333333333",
                "2",
                "3",
                "0.6666666666666666",
                "10",
                "7",
                "1.4285714285714286",
                "1",
                "3",
                "0.33333333333333");
        Expression.Bound quotient = Expression.of("a / b = c").bind(table);
        Expression.Bound rest = Expression.of("a / b - c = 0").bind(table);
        for (int row = 0; row < 4; row++) {
            Expression.Outcome expected = row < 3 ? Expression.Outcome.HOLDS : Expression.Outcome.VIOLATED;
            assertThat(quotient.of(row)).isEqualTo(expected);
            assertThat(rest.of(row)).isEqualTo(expected);
        }
    }

    @Test
    void a_division_by_zero_is_counted_as_what_cannot_be_checked() {
        Table table = abc("1", "0", "1", "1", "2", "1", "inf", "1", "inf", "1", null, "1");
        CleaningReport report = Cleaner.of(Rule.of("a / b < 1 or a - c = 5", Rule.Violation.DROP))
                .clean(table)
                .report();
        assertThat(report.rowsOut()).isEqualTo(4);
        assertThat(report.text()).contains("2  cannot be checked, it divides by zero");
        Table guarded = abc("1", "0", "1");
        assertThat(Expression.of("b = 0 or a / b > 1").bind(guarded).of(0)).isEqualTo(Expression.Outcome.HOLDS);
    }

    @Test
    void a_number_is_neither_less_nor_greater_than_a_text_in_quotes() {
        Table table = abc("10", "x", "007", "8", "z", "012");
        for (String rule : List.of("a > '9'", "'9' <= a", "a between '1' and '9'")) {
            Cleaned cleaned = Cleaner.of(Rule.of(rule, Rule.Violation.DROP)).clean(table);
            assertThat(cleaned.table().rows()).as(rule).isEqualTo(2);
            assertThat(cleaned.report().text()).contains("2  cannot be checked, a number is compared with a text");
        }
        assertThat(Columns.values(
                        Cleaner.of(Rule.of("b < 'y' and c <= '009'", Rule.Violation.DROP))
                                .clean(table)
                                .table(),
                        "c"))
                .containsExactly("007");
    }

    @Test
    void numbers_of_any_length_and_exponent_take_no_more_than_a_moment() {
        String long9 = "9".repeat(100_000);
        Table table = abc(
                "1e400000000", "1e-400000000", "3", long9, long9, "7", "1e2147483647", "1e2147483647", "1e99999999999");
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (String rule : List.of(
                    "a + b > c",
                    "b + a > c",
                    "a - b < c",
                    "a * a > b",
                    "a % c = 1",
                    "c % a = 1",
                    "b % c = 1",
                    "c % b = 1",
                    "floor(b) + ceil(b) = round(a)",
                    "a / b / b / b > 1",
                    "a / 3 - b / 3 > c % (a / 3)",
                    "length(lower(a * 10)) > 3",
                    "a" + " * a".repeat(900) + " > 1")) {
                Expression.Bound bound = Expression.of(rule).bind(table);
                for (int row = 0; row < 3; row++) {
                    assertThat(bound.of(row)).as(rule).isNotNull();
                }
            }
        });
    }

    private static Table ages() {
        return Table.of(
                List.of("age", "unit price", "ok"),
                List.of(
                        TextColumn.of("30", "-1", "old", null),
                        TextColumn.of("1", "2", "3", "4"),
                        TextColumn.of("yes", "no", "true", "maybe")));
    }

    private static Cleaned cleaned(Rule rule) {
        return Cleaner.of(rule).clean(ages());
    }

    @Test
    void a_violation_is_flagged_emptied_dropped_or_put_aside() {
        Cleaned flagged = cleaned(Rule.of("age >= 0", Rule.Violation.FLAG));
        assertThat(flagged.report().cellsChanged()).isZero();
        assertThat(flagged.report().steps().get(0).reasons())
                .extracting(reason -> reason.reason() + " " + reason.flagged())
                .containsExactly(
                        "cannot be checked, its values are not of one kind: age >= 0 1", "violates age >= 0 1");
        assertThat(Columns.values(
                        cleaned(Rule.of("age >= 0", Rule.Violation.MISSING)).table(), "age"))
                .containsExactly("30", null, "old", null);
        assertThat(Columns.values(
                        cleaned(Rule.of("age >= 0", Rule.Violation.DROP)).table(), "age"))
                .containsExactly("30", "old", null);
        Cleaned aside = cleaned(new Rule("age >= 0", Rule.Violation.QUARANTINE, List.of(), "age of a person"));
        assertThat(aside.table().rows()).isEqualTo(3);
        assertThat(aside.quarantined()).singleElement().satisfies(row -> {
            assertThat(row.row()).isEqualTo(2);
            assertThat(row.reason()).isEqualTo("violates age of a person");
            assertThat(row.values()).containsExactly("-1", "2", "no");
        });
    }

    @Test
    void missing_values_names_with_blanks_and_columns_of_yes_and_no_can_be_asked_for() {
        assertThat(Columns.values(
                        cleaned(Rule.of("not missing(age)", Rule.Violation.DROP))
                                .table(),
                        "age"))
                .containsExactly("30", "-1", "old");
        assertThat(Columns.values(
                        cleaned(Rule.of("`unit price` < 3", Rule.Violation.DROP))
                                .table(),
                        "age"))
                .containsExactly("30", "-1");
        assertThat(Columns.values(
                        cleaned(Rule.of("ok = true", Rule.Violation.DROP)).table(), "ok"))
                .containsExactly("yes", "true", "maybe");
        assertThat(Columns.values(
                        cleaned(Rule.of("age is not missing or ok = 'x'", Rule.Violation.DROP))
                                .table(),
                        "age"))
                .containsExactly("30", "-1", "old");
    }

    @Test
    void a_text_in_quotes_is_a_text_and_not_a_number() {
        Table codes = Columns.of("7", "007", "7.0");
        assertThat(Columns.cleaned(codes, Rule.of("x = '007'", Rule.Violation.DROP)))
                .containsExactly("007");
        assertThat(Columns.cleaned(codes, Rule.of("x = 7", Rule.Violation.DROP)))
                .containsExactly("7", "007", "7.0");
    }

    @Test
    void a_mistake_is_told_with_its_position() {
        Map<String, String> mistakes = Map.ofEntries(
                Map.entry(
                        "age betwen 0 and 120",
                        "position 5: expected an operator or the end, received \"betwen\" (did"),
                Map.entry("age >= ", "position 8: expected a column"),
                Map.entry("age + 1", "position 1: expected a condition"),
                Map.entry("age and ok = 'x'", "position 1: expected a condition"),
                Map.entry("(age > 1", "position 9: expected )"),
                Map.entry("age > 'a", "position 7: the text"),
                Map.entry("age > 1 && ok = 'x'", "position 9: write and for &&"),
                Map.entry("lenght(ok) > 1", "position 1: there is no function lenght"),
                Map.entry("abs(age, 1) > 1", "position 1: expected 1 argument of abs"),
                Map.entry("matches(ok, '[')", "position 1: expected a regular expression"),
                Map.entry("age in ()", "position 8: expected values"),
                Map.entry("age > 1 2", "position 9: expected an operator"),
                Map.entry("age > #", "position 7"),
                Map.entry("1 = 1", "expected the name of a column"),
                Map.entry("in > 2", "position 1: expected a value, received the word in"),
                Map.entry("age = 2020-01-01x", "position 15"),
                Map.entry("System.exit(1) > 0", "position 7"),
                Map.entry("(age > 1) + 1 > 2", "expected a number"));
        mistakes.forEach((rule, message) -> assertThatThrownBy(() -> Rule.of(rule, Rule.Violation.FLAG))
                .as(rule)
                .isInstanceOf(InputException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining(message));
        assertThatThrownBy(() -> cleaned(Rule.of("ages > 1", Rule.Violation.FLAG)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("position 1: no column \"ages\"");
        assertThatThrownBy(() -> Rule.of("(".repeat(2000) + "age", Rule.Violation.FLAG))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("brackets");
        assertThatThrownBy(() -> Rule.of("age > " + "1 + ".repeat(2000) + "1", Rule.Violation.FLAG))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("4000");
    }

    @Test
    void a_row_to_predict_is_refused_where_training_would_have_dropped_it_but_not_for_want_of_the_target() {
        RowCleaner rows = RowCleaner.of(
                List.of(Rule.of("age >= 0", Rule.Violation.DROP), Rule.of("not missing(y)", Rule.Violation.DROP)), "y");
        RowCleaner.Rows cleaned = rows.apply(ages());
        assertThat(cleaned.table().rows()).isEqualTo(4);
        assertThat(cleaned.refused()).containsExactly(Map.entry(1, "rule: violates age >= 0"));
    }
}
