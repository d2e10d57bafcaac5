package dev.jumbo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {
    @TempDir
    Path dir;

    private Map<String, Path> given(String text) throws IOException {
        return Map.of("vocab.txt", Files.writeString(dir.resolve("vocab.txt"), text));
    }

    @Test
    void files_of_another_training_that_saved_nothing_are_not_taken_for_those_of_this_one() throws IOException {
        Path run = dir.resolve("run");
        assertThat(KeptFiles.of(run, given("first"))).containsOnlyKeys("vocab.txt");
        assertThat(KeptFiles.of(run, given("first"))).containsOnlyKeys("vocab.txt");
        assertThat(KeptFiles.of(dir.resolve("none"), Map.of())).isEmpty();
        // A resume would take them for those of the first checkpoint.
        assertThatThrownBy(() -> KeptFiles.of(run, Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the files []");
        Map<String, Path> others = given("second");
        assertThatThrownBy(() -> KeptFiles.of(run, others))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found others, [vocab.txt]");
        assertThat(run.resolve("files/vocab.txt")).hasContent("first");
    }
}
