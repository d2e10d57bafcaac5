package dev.jumbo.data.clean.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.Columns;
import dev.jumbo.data.clean.Proposal;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeSimilarTest {
    private static final String[] CITIES = {
        "New York",
        "New York",
        "new york",
        "York, New",
        "Boston",
        "Boston",
        "Bostn",
        "Route 66",
        "Route 67",
        "Cafe",
        "Café"
    };

    @TempDir
    Path dir;

    /** The keys are those of OpenRefine's documentation, by hand. */
    @Test
    void fingerprints_are_openrefines() {
        assertThat(Similar.fingerprint(" Tom  Cruise ")).isEqualTo("cruise tom");
        assertThat(Similar.fingerprint("Cruise, Tom")).isEqualTo("cruise tom");
        assertThat(Similar.fingerprint("Citroën")).isEqualTo("citroen");
        assertThat(Similar.ngrams("Paris")).isEqualTo("arispari");
        assertThat(Similar.distance("boston", "bsoton", 2)).isEqualTo(1);
        assertThat(Similar.distance("kitten", "sitting", 3)).isEqualTo(3);
        assertThat(Similar.distance("kitten", "sitting", 2)).isEqualTo(3);
    }

    @Test
    void merges_are_proposed_and_nothing_is_merged_unseen() {
        Cleaned cleaned = Cleaner.of(MergeSimilar.of("x")).clean(Columns.of(CITIES));
        assertThat(cleaned.report().cellsChanged()).isZero();
        assertThat(cleaned.report().steps().get(0).reasons()).isNotEmpty().allMatch(reason -> reason.flagged() > 0);
        assertThat(cleaned.proposals())
                .containsExactlyInAnyOrder(
                        new Proposal("x", "new york", "New York", 1, 2, "the same words"),
                        new Proposal("x", "York, New", "New York", 1, 2, "the same words"),
                        new Proposal("x", "Café", "Cafe", 1, 1, "the same words"),
                        new Proposal("x", "Bostn", "Boston", 1, 2, "one letter differs"));
    }

    private static MergeSimilar accepting(Path file) {
        return new MergeSimilar(List.of("x"), List.of(MergeSimilar.Method.EDIT), 1, file, false, Map.of());
    }

    @Test
    void what_a_person_accepts_is_merged_in_tables_and_in_single_rows() throws IOException {
        Path file = dir.resolve("merges.csv");
        Merges.write(Cleaner.of(MergeSimilar.of("x")).clean(Columns.of(CITIES)).proposals(), file);
        String text = Files.readString(file);
        Files.writeString(file, text.replace("one letter differs,no", "one letter differs,Yes"));
        Cleaned cleaned = Cleaner.of(accepting(file)).clean(Columns.of(CITIES));
        assertThat(Columns.values(cleaned.table(), "x")).contains("new york").doesNotContain("Bostn");
        assertThat(cleaned.report().cellsChanged()).isEqualTo(1);

        Files.delete(file);
        RowCleaner rows = RowCleaner.of(cleaned.steps(), null);
        assertThat(Columns.values(rows.apply(Columns.of("Bostn")).table(), "x")).containsExactly("Boston");
    }

    @Test
    void all_are_merged_where_that_is_asked_for() {
        MergeSimilar step = new MergeSimilar(
                List.of("x"),
                List.of(MergeSimilar.Method.FINGERPRINT, MergeSimilar.Method.EDIT),
                1,
                null,
                true,
                Map.of());
        assertThat(Columns.cleaned(Columns.of(CITIES), step))
                .containsExactly(
                        "New York",
                        "New York",
                        "New York",
                        "New York",
                        "Boston",
                        "Boston",
                        "Boston",
                        "Route 66",
                        "Route 67",
                        "Cafe",
                        "Cafe");
    }

    @Test
    void a_file_that_cannot_be_understood_is_refused_with_its_line() throws IOException {
        Path file = Files.writeString(
                dir.resolve("merges.csv"), "column,from,to,rows,to_rows,why,accept\nx,a,b,1,1,w,perhaps\n");
        assertThatThrownBy(() -> Cleaner.of(accepting(file)).clean(Columns.of("a")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("merges.csv:2")
                .hasMessageContaining("perhaps");
        assertThatThrownBy(() -> Cleaner.of(accepting(dir.resolve("none.csv"))).clean(Columns.of("a")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("prepare");
    }
}
