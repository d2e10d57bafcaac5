package dev.jumbo.data.clean.dates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Columns;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The oracle is Python: strptime, pandas.to_datetime and pandas' .dt. */
class DatesTest {
    private static final JsonNode EXPECTED = JsonFixture.read("clean/dates");

    @Test
    void a_text_of_a_format_is_the_date_that_strptime_reads_and_any_other_text_stays() {
        for (JsonNode each : EXPECTED.get("formats")) {
            String text = each.get("text").textValue();
            String expected =
                    each.get("gives").isNull() ? text : each.get("gives").textValue();
            assertThat(read(each, text)).as("%s", each).containsExactly(expected);
        }
    }

    @Test
    void serials_of_spreadsheets_and_unix_times_are_the_dates_that_pandas_makes_of_them() {
        for (JsonNode each : EXPECTED.get("counts")) {
            assertThat(read(each, each.get("text").textValue()))
                    .as("%s", each)
                    .containsExactly(each.get("gives").textValue());
        }
        assertThat(Columns.cleaned(
                        Table.of(List.of("x"), List.of(NumberColumn.of(43861, Double.NaN))),
                        ParseDate.of("x", List.of("excel"))))
                .containsExactly("2020-01-31", null);
        assertThat(Columns.cleaned(Columns.of("60", "0", "3000000"), ParseDate.of("x", List.of("excel"))))
                .containsExactly("60", "0", "3000000");
    }

    private static List<@Nullable String> read(JsonNode each, String text) {
        return Columns.cleaned(
                Columns.of(text), ParseDate.of("x", List.of(each.get("format").textValue())));
    }

    @Test
    void a_column_is_recognised_where_one_order_fits_it_and_refused_where_day_and_month_cannot_be_told_apart() {
        for (JsonNode each : EXPECTED.get("columns")) {
            Table table = Columns.of(Columns.texts(each.get("values")).toArray(new String[0]));
            if (each.get("gives").isTextual()) {
                assertThatThrownBy(() -> Columns.cleaned(table, ParseDate.of("x")))
                        .as("%s", each)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("column x")
                        .hasMessageMatching("(?s).*(order|formats):.*");
            } else {
                assertThat(Columns.cleaned(table, ParseDate.of("x")))
                        .as("%s", each)
                        .isEqualTo(Columns.texts(each.get("gives")));
            }
        }
    }

    @Test
    void an_order_that_is_told_decides() {
        ParseDate step = new ParseDate(List.of("x"), List.of(), DateOrder.DAY_FIRST, "UTC", Map.of());
        assertThat(Columns.cleaned(Columns.of("3/4/2020", "05-06-21", null), step))
                .containsExactly("2020-04-03", "2021-06-05", null);
    }

    @Test
    void what_is_no_date_is_counted_and_shown_and_left() {
        Cleaned cleaned = Cleaner.of(ParseDate.of("x")).clean(Columns.of("31/12/2020", "31/02/2020", "soon", null));
        assertThat(Columns.values(cleaned.table(), "x")).containsExactly("2020-12-31", "31/02/2020", "soon", null);
        List<CleaningReport.Reason> reasons = cleaned.report().steps().get(0).reasons();
        assertThat(reasons).anySatisfy(reason -> {
            assertThat(reason.reason()).isEqualTo("not understood as a date");
            assertThat(reason.flagged()).isEqualTo(2);
            assertThat(reason.samples())
                    .extracting(CleaningReport.Sample::before)
                    .containsExactly("31/02/2020", "soon");
        });
    }

    @Test
    void single_rows_are_read_as_the_column_of_training_was() {
        Cleaned learned = Cleaner.of(ParseDate.of("x")).clean(Columns.of("31/12/2020", "1/2/2020"));
        RowCleaner rows = RowCleaner.of(learned.steps(), null);
        assertThat(rows.skipped()).isEmpty();
        assertThat(Columns.values(rows.apply(Columns.of("3/4/2020")).table(), "x"))
                .containsExactly("2020-04-03");
        assertThat(RowCleaner.of(List.<CleaningStep>of(ParseDate.of("x")), null).skipped())
                .containsExactly("parse_date");
    }

    @Test
    void parts_are_what_pandas_has() {
        JsonNode parts = EXPECTED.get("parts");
        Table table = Columns.of(Columns.texts(parts.get("of")).toArray(new String[0]));
        for (DatePart part : DatePart.values()) {
            String name = part.name().toLowerCase(Locale.ROOT);
            DateParts step =
                    new DateParts(List.of("x"), List.of(part), part == DatePart.DAYS_SINCE ? "2020-01-01" : null);
            Table cleaned = Cleaner.of(step).clean(table).table();
            JsonNode expected = parts.get("values").get(name);
            assertThat(expected).as(name).isNotNull();
            for (int row = 0; row < table.rows(); row++) {
                assertThat(cleaned.column("x_" + name).number(row))
                        .as("%s of row %d", name, row)
                        .isCloseTo(expected.get(row).asDouble(), within(1e-12));
            }
        }
    }

    @Test
    void a_part_of_what_is_no_date_is_missing_and_shown_and_a_name_that_is_taken_is_refused() {
        Cleaned cleaned =
                Cleaner.of(DateParts.of("x", DatePart.YEAR)).clean(Columns.of("2020-01-31", "31/1/2020", null));
        assertThat(Columns.values(cleaned.table(), "x_year")).containsExactly("2020", null, null);
        assertThat(cleaned.report().steps().get(0).reasons()).anyMatch(reason -> reason.flagged() == 1);
        assertThat(cleaned.report().cellsChanged()).isZero();
        Table taken = Table.of(List.of("x", "x_year"), List.of(TextColumn.of("2020-01-31"), TextColumn.of("1")));
        assertThatThrownBy(() -> Cleaner.of(DateParts.of("x", DatePart.YEAR)).clean(taken))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("x_year");
    }

    @Test
    void a_format_that_is_none_is_refused_with_what_to_write() {
        for (String wrong : List.of("dd/MM/yyyy", "%d/%q/%Y", "%d/%m", "%d/%d/%Y", "")) {
            assertThatThrownBy(() -> ParseDate.of("x", List.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("format");
        }
        assertThatThrownBy(() -> new ParseDate(List.of("x"), List.of(), null, "Mars", Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("zone");
    }
}
