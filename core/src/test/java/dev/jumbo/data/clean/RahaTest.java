package dev.jumbo.data.clean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.SharedData;
import dev.jumbo.data.table.CsvFile;
import dev.jumbo.data.table.Quarantine;
import dev.jumbo.data.table.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The dirty tables of the Raha benchmark (M. Mahdavi et al., SIGMOD 2019) against their clean copies, with the steps of
 * {@code examples/clean_*.yaml}. The bounds are a little below what the steps reach.
 */
class RahaTest {
    @Test
    void hospital_by_dependencies() {
        List<String> provider = List.of("provider_number");
        Agreement agreement = agreement(
                "hospital",
                509,
                Cleaner.of(
                        Dependency.of(List.of("phone"), "provider_number"),
                        Dependency.of(List.of("name", "zip"), "provider_number", "phone"),
                        Dependency.of(
                                provider,
                                "name",
                                "address_1",
                                "city",
                                "state",
                                "zip",
                                "county",
                                "phone",
                                "type",
                                "owner",
                                "emergency_service"),
                        Dependency.of(List.of("measure_name"), "measure_code"),
                        Dependency.of(List.of("measure_code"), "measure_name", "condition"),
                        Dependency.of(List.of("state_average"), "measure_code"),
                        Dependency.of(List.of("measure_code"), "measure_name", "condition"),
                        Dependency.of(List.of("state", "measure_code"), "state_average"),
                        Replace.in("score", "^(\\d+)x$", "$1%"),
                        Replace.in("sample", "^(\\d+) \\D*x\\D*$", "$1 patients"),
                        ValidRange.matching("score", "\\d{1,3}%|empty", Action.MISSING),
                        ValidRange.matching("sample", "\\d+ patients|empty", Action.MISSING)),
                "index");
        System.err.println(agreement.text());
    }

    @Test
    void beers_by_units_and_extraction() {
        Agreement agreement = agreement(
                "beers",
                4362,
                Cleaner.of(
                        new MissingTokens(List.of("N/A"), List.of("ibu")),
                        new ParseNumber(List.of("ounces"), List.of(), true, null),
                        new ParseNumber(List.of("abv"), List.of(), false, 3),
                        new Extract("city", ".+ ([A-Z]{2})", "state"),
                        Replace.in("city", " [A-Z]{2}$", "")),
                "index");
        System.err.println(agreement.text());
    }

    @Test
    void flights_by_the_majority_of_sources() {
        Agreement agreement = agreement(
                "flights",
                4920,
                Cleaner.of(Dependency.of(
                        List.of("flight"), "sched_dep_time", "act_dep_time", "sched_arr_time", "act_arr_time")),
                "tuple_id");
        System.err.println(agreement.text());
    }

    private static Agreement agreement(String name, int errors, Cleaner cleaner, String key) {
        Table dirty = read(SharedData.require("tables/raha-" + name + "-dirty.csv"));
        Table clean = read(SharedData.require("tables/raha-" + name + "-clean.csv"));
        Cleaned cleaned = cleaner.clean(dirty);
        Agreement agreement = Agreement.of(dirty, cleaned.table(), clean, key);
        System.err.println(cleaned.report().withAgreement(agreement).text());
        assertThat(agreement.errors()).isEqualTo(errors);
        assertThat(cleaned.report().cellsChanged()).isEqualTo(agreement.changed());
        return agreement;
    }

    private static Table read(Path file) {
        try (Quarantine malformed = Quarantine.counting()) {
            CsvFile csv = CsvFile.of(file);
            Table table = new CsvFile(
                            csv.path(),
                            csv.names(),
                            csv.delimiter(),
                            csv.quote(),
                            csv.comment(),
                            csv.missing(),
                            false,
                            csv.charset(),
                            0,
                            csv.maxField(),
                            csv.maxRecord(),
                            csv.maxRatio())
                    .read(malformed);
            assertThat(malformed.count()).isZero();
            return table;
        }
    }
}
