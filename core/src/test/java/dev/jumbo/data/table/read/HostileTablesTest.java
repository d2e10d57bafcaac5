package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Untrusted;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that were made to take memory or time. */
class HostileTablesTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    /** As long as the threat says, where somebody waits for it: {@code -Djumbo.long=1024}. */
    private static final int MEGABYTES = Integer.getInteger("jumbo.long", 48);

    @TempDir
    private Path dir;

    @Test
    void a_field_of_a_gigabyte_is_malformed_and_takes_no_more_memory_than_the_longest_record() throws IOException {
        Path file = dir.resolve("a.csv");
        byte[] much = new byte[1 << 20];
        Arrays.fill(much, (byte) 'x');
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write("a,b\n1,2\n\"".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < MEGABYTES; i++) {
                out.write(much);
            }
            out.write("\",4\n5,6\n".getBytes(StandardCharsets.UTF_8));
        }
        Quarantine malformed = Quarantine.counting();
        Table read = new Untrusted(InputException.class, 16 << 20, 0, Duration.ofMinutes(1))
                .parse(
                        new byte[0],
                        () -> CsvFile.of(file)
                                .withLimits(0.5, 1 << 17, 1 << 20, 200)
                                .read(malformed))
                .orElseThrow();
        assertThat(read.rows()).isEqualTo(2);
        assertThat(malformed.samples().get(0).line()).isEqualTo(3);
    }

    @Test
    void a_nul_and_a_quote_that_stays_open_cost_their_own_lines() throws IOException {
        Path file = Files.writeString(dir.resolve("a.csv"), "a,b\n1,\0\n\"3,4\n5,6\n7,8\n");
        Quarantine malformed = Quarantine.counting();
        Table read = CsvFile.of(file).withLimits(0.5, 1000, 1000, 200).read(malformed);
        assertThat(read.rows()).isEqualTo(2);
        assertThat(malformed.reasons()).containsOnlyKeys("a NUL character", "a quote that is not closed");
    }

    @Test
    void gzip_that_is_cut_off_or_damaged_is_the_mistake_of_who_gave_it() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write("a,b\n1,2\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = packed.toByteArray();
        Path file = dir.resolve("a.csv");
        for (int length = 3; length < whole.length; length += 5) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> CsvFile.of(file).read(Quarantine.counting()))
                    .as(length + " bytes")
                    .isInstanceOf(InputException.class);
        }
        byte[] changed = whole.clone();
        changed[whole.length - 6] ^= 1;
        Files.write(file, changed);
        assertThatThrownBy(() -> CsvFile.of(file).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("copy it again");
    }

    @Test
    void a_row_of_half_a_million_quotes_takes_time_in_proportion() throws IOException {
        Path file =
                Files.writeString(dir.resolve("a.arff"), "@attribute a string\n@data\nx" + "'".repeat(500_000) + "\n");
        assertThat(UNTRUSTED.parse(new byte[500_000], () -> ArffFile.of(file).read(Quarantine.counting())))
                .isPresent();
    }

    @Test
    void a_note_of_arrow_that_announces_a_text_of_2_gigabytes_says_nothing() {
        byte[] message = new byte[160];
        Arrays.fill(message, (byte) 0x7f);
        for (String text : new String[] {"", "%", Base64.getEncoder().encodeToString(message)}) {
            assertThat(UNTRUSTED.allocating(1 << 16, 0).parse(new byte[0], () -> ArrowSchema.durations(text)))
                    .hasValueSatisfying(units -> assertThat(units).isEmpty());
        }
    }
}
