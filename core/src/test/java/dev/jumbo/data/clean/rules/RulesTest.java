package dev.jumbo.data.clean.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.Columns;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                JsonNode holds = each.get("holds").get(row);
                Expression.Outcome expected = holds.isNull()
                        ? Expression.Outcome.UNKNOWN
                        : holds.booleanValue() ? Expression.Outcome.HOLDS : Expression.Outcome.VIOLATED;
                assertThat(bound.of(row)).as("%s in row %d", rule, row).isEqualTo(expected);
            }
        }
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
