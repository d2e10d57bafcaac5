package dev.jumbo.data.clean.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.Columns;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParseNumberTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1k | 1000",
                "1.5K | 1500",
                "3.2M | 3200000",
                "4bn | 4000000000",
                "1.2 million | 1200000",
                "$2,500.00 | 2500",
                "$0.134 | 0.134",
                "1.234,56 | 1234.56",
                "3 400 | 3400",
                "3\u00A0400 | 3400",
                "3\u202F400 | 3400",
                "3'400 | 3400",
                "3\u2019400.50 | 3400.5",
                "12.50 \u20AC | 12.5",
                "USD 12 | 12",
                "12 EUR | 12",
                "US$5 | 5",
                "\u00A31.5m | 1500000",
                "$1.2M | 1200000",
                "12,5 % | 0.125",
                "5% | 0.05",
                "5 \u2030 | 0.005",
                "(1,234.50) | -1234.5",
                "($12) | -12",
                "$(12) | -12",
                "(5%) | -0.05",
                "250- | -250",
                "$12.50- | -12.5",
                "\u22125 | -5",
                "-$5 | -5",
                "$-5 | -5",
                "+7 | 7",
                "12 oz. | 12",
                "1e5 | 100000",
                "1,234,567 | 1234567",
                "12,34,567.5 | 1234567.5",
                "9007199254740993 | 9007199254740993",
                "9,007,199,254,740,993 | 9007199254740993",
            })
    void a_number_written_for_people_is_the_number(String text, String number) {
        assertThat(parsed(ParseNumber.of("x"), text)).containsExactly(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "twelve",
                "3-4",
                "2020-01-05",
                "12:30",
                "1.2.3",
                "~5",
                "<5",
                "--5",
                "-(5)",
                "(5",
                "5 m",
                "300 K",
                "12 CR",
                "1,23,4",
                "555-1234",
                "A5",
                "No 12",
                "",
                "1/2"
            })
    void what_is_not_understood_is_flagged_and_never_changed(String text) {
        Cleaned cleaned = cleaned(ParseNumber.of("x"), text, "7");
        assertThat(cleaned.table().text(0, 0)).isEqualTo(text);
        assertThat(cleaned.report().steps().get(0).reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.flagged()).isEqualTo(1));
    }

    @Test
    void a_lone_comma_before_three_digits_is_decided_by_the_column_or_not_at_all() {
        assertThat(parsed(ParseNumber.of("x"), "1,234", "0.5")).containsExactly("1234", "0.5");
        assertThat(parsed(ParseNumber.of("x"), "1,234", "0,5")).containsExactly("1.234", "0.5");
        assertThat(parsed(ParseNumber.of("x"), "1.234", "12,50")).containsExactly("1234", "12.5");
        Cleaned either = cleaned(ParseNumber.of("x"), "1,234", "5,678", "7");
        assertThat(texts(either)).containsExactly("1,234", "5,678", "7");
        assertThat(either.report().text()).contains("say decimal");
        assertThat(parsed(ParseNumber.of("x").withMarks(".", null), "1,234", "5,678"))
                .containsExactly("1234", "5678");
        assertThat(parsed(ParseNumber.of("x").withMarks(",", null), "1,234", "5,678"))
                .containsExactly("1.234", "5.678");
    }

    @Test
    void a_column_of_both_decimal_marks_keeps_its_cells_and_says_so() {
        Cleaned both = cleaned(ParseNumber.of("x"), "1.234,50", "1,234.50", "1k");
        assertThat(texts(both)).containsExactly("1.234,50", "1,234.50", "1000");
        assertThat(both.report().text()).contains("both decimal marks");
    }

    @Test
    void what_the_training_column_showed_holds_for_rows_that_come_alone() {
        Cleaned learned = cleaned(ParseNumber.of("x"), "1.234,50", "0,5");
        assertThat(learned.steps().get(0).isLocal()).isTrue();
        RowCleaner rows = RowCleaner.of(learned.steps(), null);
        assertThat(rows.apply(table("12.500")).table().text(0, 0)).isEqualTo("12500");
    }

    @Test
    void units_are_those_named_before_or_behind() {
        ParseNumber dollars = new ParseNumber(List.of("x"), List.of("$"), true, null);
        assertThat(parsed(dollars, "$0.134", "2 $", "5 kg")).containsExactly("0.134", "2", "5 kg");
        ParseNumber metres = new ParseNumber(List.of("x"), List.of("m", "k"), true, null);
        assertThat(parsed(metres, "5 m", "5k")).containsExactly("5", "5");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void every_locale_of_babel_is_read_back(int locale) throws IOException {
        JsonNode columns = fixture();
        for (int form = 0; form < 3; form++) {
            readBack(columns.get(3 * locale + form));
        }
    }

    @Test
    void accountings_brackets_of_babel_are_read_back() throws IOException {
        readBack(fixture().get(33));
    }

    @Test
    void marks_that_cannot_be_are_refused() {
        assertThatThrownBy(() -> ParseNumber.of("x").withMarks(";", null)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> ParseNumber.of("x").withMarks(",", ",")).isInstanceOf(InputException.class);
    }

    private static void readBack(JsonNode column) {
        List<String> texts = new ArrayList<>();
        column.get("texts").forEach(text -> texts.add(text.asText()));
        List<String> received = parsed(ParseNumber.of("x"), texts.toArray(String[]::new));
        for (int i = 0; i < texts.size(); i++) {
            assertThat(received.get(i).matches("-?[0-9.]+"))
                    .as("%s: %s is %s", column.get("name"), texts.get(i), received.get(i))
                    .isTrue();
            assertThat(new BigDecimal(received.get(i)))
                    .as("%s: %s", column.get("name"), texts.get(i))
                    .isEqualByComparingTo(column.get("values").get(i).asText());
        }
    }

    private static List<String> parsed(ParseNumber step, String... texts) {
        return texts(cleaned(step, texts));
    }

    private static List<String> texts(Cleaned cleaned) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < cleaned.table().rows(); row++) {
            texts.add(cleaned.table().text(row, 0));
        }
        return texts;
    }

    private static Cleaned cleaned(ParseNumber step, String... texts) {
        return Cleaner.of(step).clean(table(texts));
    }

    private static Table table(String... texts) {
        return Table.of(List.of("x"), List.of(TextColumn.of(Arrays.copyOf(texts, texts.length))));
    }

    private static JsonNode fixture() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ParseNumberTest.class.getResourceAsStream("/fixtures/tables/numbers.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }

    /** By Python: float('1e400') is inf, float('1e-400') is 0.0; Decimal keeps all digits of the others. */
    @Test
    void a_number_that_no_double_holds_is_not_understood_and_others_keep_their_digits() {
        Table table = Columns.of(
                "1e400",
                "-1e400",
                "1e-400",
                "1e4000",
                "1e-99999999999",
                "1e300",
                "0e400",
                "123456789012345678901234567890");
        Cleaned cleaned = Cleaner.of(ParseNumber.of("x")).clean(table);
        assertThat(Columns.values(cleaned.table(), "x"))
                .containsExactly(
                        "1e400",
                        "-1e400",
                        "1e-400",
                        "1e4000",
                        "1e-99999999999",
                        "1E+300",
                        "0",
                        "123456789012345678901234567890");
        assertThat(cleaned.report().text()).contains("5  not understood as a number: larger or smaller");
    }
}
