package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AbuseTest {
    private static String output = "";
    private static int status;

    @BeforeAll
    static void abuse() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+SuppressFatalErrorMessage",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Abuse.class.getName()))
                // What newer JVMs say of native access would stand between the lines.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        status = process.waitFor();
    }

    @Test
    void nothing_that_a_tensor_a_loss_or_a_layer_is_given_ends_the_process() {
        assertThat(output).contains("alive after");
        assertThat(status).isZero();
    }

    @Test
    void no_misuse_ends_in_a_null_pointer_or_a_division_by_zero() {
        assertThat(output).doesNotContain("NullPointerException").doesNotContain("ArithmeticException");
    }

    @Test
    void what_native_kernels_do_not_check_is_refused_with_what_was_expected() {
        for (String name : List.of(
                "ctc with the id 100",
                "ctc with the id -1",
                "ctc with long targets",
                "adam with short state",
                "adam with an expanded view",
                "adam with a view",
                "lstm of other units",
                "lstm of other widths",
                "gru of other units",
                "attention of other lengths",
                "set_ of an expanded tensor",
                "set_ of another type",
                "threads without end")) {
            assertThat(output.lines()
                            .dropWhile(line -> !line.equals("> " + name))
                            .skip(1)
                            .findFirst())
                    .as(name)
                    .hasValueSatisfying(line -> assertThat(line)
                            .contains("InputException")
                            .contains("expected")
                            .contains("received"));
        }
    }
}
