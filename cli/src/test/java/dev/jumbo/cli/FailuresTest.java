package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final StringWriter err = new StringWriter();

    private int status(Throwable error) {
        return Failures.report(error, new PrintWriter(err, true), false);
    }

    @Test
    void what_would_fail_again_alike_is_no_failure_to_start_again_after() {
        assertThat(status(new InputException("expected a, received b"))).isEqualTo(Failures.MISTAKE);
        RuntimeException refused = new RuntimeException("CUDA out of memory. Tried to allocate 2.00 GiB");
        assertThat(status(refused)).isEqualTo(Failures.MISTAKE);
        assertThat(status(new FailureException("training does not fit into memory", refused)))
                .isEqualTo(Failures.MISTAKE);
        assertThat(status(new OutOfMemoryError("Java heap space"))).isEqualTo(Failures.MISTAKE);
        assertThat(err.toString()).contains("take smaller batches", "JUMBO_JAVA_OPTS");
    }

    @Test
    void what_may_go_well_the_next_time_is_a_failure() {
        assertThat(status(new FailureException("no space left on device"))).isEqualTo(Failures.FAILED);
        assertThat(status(new IllegalStateException("a defect"))).isEqualTo(Failures.FAILED);
    }
}
