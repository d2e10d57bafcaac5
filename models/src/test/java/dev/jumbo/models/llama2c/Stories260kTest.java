package dev.jumbo.models.llama2c;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.models.SharedData;
import dev.jumbo.models.generate.TextAnswer;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.models.imports.ForeignRun;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model: llama2.c's stories260K, whose text is published. */
class Stories260kTest {
    @Test
    void an_imported_model_writes_the_expected_story_exactly(@TempDir Path directory) throws IOException {
        Path stories = SharedData.require("models/stories260K");
        Path run = directory.resolve("run");
        ForeignRun.write(Llama2cFile.read(stories.resolve("stories260K.bin"), stories.resolve("tok512.bin")), run);
        int[] ids = Arrays.stream(Files.readString(stories.resolve("expected-greedy-token-ids.txt"))
                        .strip()
                        .split("\\s+"))
                .mapToInt(Integer::parseInt)
                .toArray();
        String text = Files.readString(stories.resolve("expected-greedy-200-steps.txt"));
        try (TextGenerator model = TextGenerator.open(Checkpoint.best(run))) {
            StringBuilder heard = new StringBuilder();
            TextAnswer answer = model.generate("", GenerationConfig.greedy(ids.length - 1), heard::append);
            assertThat(answer.generated().ids()).isEqualTo(Arrays.copyOfRange(ids, 1, ids.length));
            assertThat(answer.text()).isEqualTo(text.stripTrailing());
            assertThat(heard).hasToString(answer.text());
            // stories260K.md has it up to step 256.
            assertThat(model.generate("", GenerationConfig.greedy(256)).text())
                    .startsWith(text.stripTrailing())
                    .contains("Her mom said, \"Don't worry, Lily. We can help you.");
            // A prompt of the same words gives the same story.
            TextAnswer half = model.generate("Once upon a time, there was a", GenerationConfig.greedy(40));
            assertThat(text).startsWith("Once upon a time, there was a" + half.text());
        }
    }
}
