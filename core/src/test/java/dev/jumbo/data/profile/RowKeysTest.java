package dev.jumbo.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.drift.Drift;
import dev.jumbo.data.drift.DriftLimits;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.UnknownColumn;
import dev.jumbo.data.table.encode.TableEncoder;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.data.table.read.CsvFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowKeysTest {
    private static final List<String> NAMES =
            List.of("Nr", "Vorgang", "KundenNummer", "time", "measured", "year", "rooms", "x");

    private static Table table(int rows, int from) {
        return Table.of(
                NAMES,
                List.of(
                        column(rows, i -> (i * 37 % rows) * 3 + from),
                        column(rows, i -> 5000 + from + i),
                        column(rows, i -> i * i + from),
                        column(rows, i -> 1_700_000_000 + 10 * i),
                        column(rows, i -> (i * 31 % rows) * 7),
                        column(rows, i -> 1900 + i),
                        column(rows, i -> i % 5),
                        column(rows, i -> i % 7 + 0.5)));
    }

    private static NumberColumn column(int rows, IntToDoubleFunction value) {
        return NumberColumn.of(IntStream.range(0, rows).mapToDouble(value).toArray());
    }

    @Test
    void numbers_of_the_rows_are_left_out_loudly_and_features_that_rise_are_kept() {
        Table table = table(80, 1);
        assertThat(RowKeys.of(table, Map.of(), "x")).containsExactly("Nr", "Vorgang", "KundenNummer");
        assertThat(RowKeys.of(table, Map.of("Nr", ColumnType.NUMBER), "x")).containsExactly("Vorgang", "KundenNummer");
        TableData data = new TableData(
                CsvFile.of(Path.of("a.csv")),
                null,
                Map.of("Nr", ColumnType.NUMBER),
                "x",
                List.of(),
                TableEncoder.standard(),
                3,
                null);
        assertThat(names(data.layout(table))).containsExactly("Nr", "time", "measured", "year", "rooms");
        assertThat(names(data.withLeaveOutKeys(false).layout(table))).hasSize(7);
        assertThat(data.profile(table).warnings())
                .contains("Vorgang: left out: 5001 to 5080, another number in every row, as row numbers and keys have;"
                        + " write columns: {Vorgang: number} to learn from it all the same");
        Table alone = Table.of(List.of("id", "y"), List.of(column(60, i -> i), column(60, i -> 2 * i + 0.5)));
        assertThat(RowKeys.of(alone, Map.of(), "y")).isEmpty();
    }

    @Test
    void other_numbers_of_rows_are_no_drift() {
        Drift drift = Drift.between(table(80, 1), table(80, 100_000), DriftLimits.usual());
        assertThat(drift.drifted()).as(drift.text()).isFalse();
        assertThat(drift.columns().get(1).kind()).isEqualTo("key");
    }

    @Test
    void a_missing_column_does_not_name_the_hidden_one_as_known() {
        assertThatThrownBy(() -> {
                    throw new UnknownColumn("Fertigstellung", List.of("Kaufpreis", "Zimmer")).without("Kaufpreis");
                })
                .hasMessage("no column \"Fertigstellung\" (known: Zimmer)");
    }

    private static List<String> names(TableLayout layout) {
        return layout.inputs().stream().map(TableLayout.Input::name).toList();
    }
}
