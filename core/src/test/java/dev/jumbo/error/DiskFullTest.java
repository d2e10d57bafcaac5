package dev.jumbo.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DiskFullTest {
    @Test
    void a_full_disk_is_found_wherever_a_library_hides_it() {
        IOException full = new IOException("No space left on device");
        assertThat(DiskFull.isIn(full)).isTrue();
        assertThat(DiskFull.isIn(new IllegalStateException("task failed", new RuntimeException(full))))
                .isTrue();
        RuntimeException closing = new RuntimeException("cannot close");
        closing.addSuppressed(new IOException("/data: Disk quota exceeded"));
        assertThat(DiskFull.isIn(closing)).isTrue();
        assertThat(DiskFull.isIn(new FailureException("cannot write a: No space left on device")))
                .isTrue();
        assertThat(DiskFull.isIn(new IOException("Permission denied"))).isFalse();
        assertThat(DiskFull.isIn(null)).isFalse();
    }

    @Test
    void a_disk_is_described_also_where_the_directory_is_not_there_yet() {
        Path directory = Path.of("nowhere", "at", "all");
        assertThat(DiskFull.describe(directory))
                .startsWith(directory + " is on a disk of ")
                .endsWith("free");
    }
}
