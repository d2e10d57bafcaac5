package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Tables of a stranger; gzip is among them. */
class TablesFuzzTest {
    /** A megabyte may be packed in whatever little, beyond it 200 times what is stored; garbage of a row counts too. */
    private static final Untrusted UNTRUSTED =
            Untrusted.refusedBy(InputException.class).allocating(320 << 20, 64 << 10);

    @Fuzzed
    void csv(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes,
                "a.csv",
                file -> CsvFile.of(file).withLimits(0.5, 1 << 10, 1 << 12, 200).read(Quarantine.counting()));
    }

    /** With names, another delimiter and comments. */
    @Fuzzed
    void csvOfOtherKind(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes,
                "a.csv",
                file -> CsvFile.of(file)
                        .withNames(List.of("a", "b"))
                        .withDelimiter(";")
                        .withComment("#")
                        .withLimits(1, 1 << 10, 1 << 12, 200)
                        .read(Quarantine.counting()));
    }

    @Fuzzed
    void jsonLines(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes, "a.jsonl", file -> new JsonLines(file, List.of(), 1, 1 << 16, 200).read(Quarantine.counting()));
    }

    @Fuzzed
    void arff(byte[] bytes) {
        UNTRUSTED.parseFile(
                bytes, "a.arff", file -> new ArffFile(file, "UTF-8", 1, 1 << 16, 200).read(Quarantine.counting()));
    }

    /** A note that a Parquet file may hold: nothing is said of it, whatever it is. */
    @Fuzzed
    void arrowSchema(byte[] bytes) {
        Map<String, String> units = UNTRUSTED
                .allocating(1 << 16, 64)
                .parse(bytes, () -> ArrowSchema.durations(new String(bytes, StandardCharsets.ISO_8859_1)))
                .orElseThrow();
        assertThat(units.values()).allMatch(unit -> unit.endsWith("seconds"));
    }
}
