package dev.jumbo.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path temp;

    @Test
    void ratios_are_of_medians_and_against_the_best_mode_of_the_peer() throws IOException {
        String printed = report(
                line("article", "jumbo", "{\"fit_seconds\": 30, \"threads\": 2}"),
                line("article", "jumbo", "{\"fit_seconds\": 900}"),
                line("article", "jumbo", "{\"fit_seconds\": 20}"),
                line("article", "jumbo auto", "{\"fit_seconds\": 25}"),
                line("article", "keras", "{\"fit_seconds\": 75}"),
                line("article", "keras bf16 tuned", "{\"fit_seconds\": 50}"),
                line("article", "keras tuned", "{\"fit_seconds\": 70}"),
                line("article", "keras jit tuned", "{\"fit_seconds\": 60}"),
                line("step", "jumbo", "{\"fp32_images_per_s\": 13000, \"fp32_gflops\": 200, \"peak_gflops\": 300}"),
                line("step", "pytorch", "{\"cnn_images_per_s\": 5000, \"cnn_channels_last_images_per_s\": 8000}"),
                line("step", "pytorch compile", "{\"cnn_images_per_s\": 10000, \"gpt_fp32_tokens_per_s\": 99999}"),
                line("step", "pytorch bf16", "{\"cnn_bf16_images_per_s\": 50000, \"peak_gflops\": 400}"));

        assertThat(printed).containsPattern("Keras's fit over jumbo's, .* 2\\.50");
        assertThat(printed).containsPattern("Keras's best fp32 fit over jumbo's, both tuned .* 2\\.00");
        assertThat(printed).containsPattern("Keras's best fp32 fit over jumbo auto's, both tuned .* 2\\.40");
        assertThat(printed).containsPattern("in any precision over jumbo auto's, both tuned .* 2\\.00");
        assertThat(printed).containsPattern("our fp32 over PyTorch's best fp32 mode .* 1\\.30");
        assertThat(printed).containsPattern("share of the fp32 matrix peak .* 0\\.50");
    }

    @Test
    void what_was_skipped_is_named_and_gives_no_ratio() throws IOException {
        String printed = report(
                line("article", "jumbo", "{\"fit_seconds\": 30}"),
                "{\"benchmark\": \"article\", \"side\": \"keras\", \"round\": 1, \"skipped\": \"no tensorflow\"}");

        assertThat(printed).contains("skipped: no tensorflow").doesNotContain("Keras's fit over");
    }

    private static String line(String benchmark, String side, String result) {
        return "{\"benchmark\": \"%s\", \"side\": \"%s\", \"round\": 1, \"result\": %s}"
                .formatted(benchmark, side, result);
    }

    private String report(String... lines) throws IOException {
        Path results = Files.write(temp.resolve("results.jsonl"), List.of(lines));
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Report.main(new String[] {results.toString()});
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
