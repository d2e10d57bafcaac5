package dev.jumbo.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class CheckpointTest {
    private static final String[] FILES = {
        "model.json", "model.safetensors", "optimizer.safetensors", "trainer.json", "manifest.json"
    };

    @TempDir
    Path run;

    @BeforeEach
    void write_three_checkpoints() {
        CheckpointWriter writer = new CheckpointWriter(run, 3);
        write(writer, 10, false);
        write(writer, 20, true);
        write(writer, 30, false);
    }

    private static void write(CheckpointWriter writer, long step, boolean best) {
        Sequential layers = Sequential.of(Layers.dense(3, Activation.RELU), Layers.dense(2));
        ModelFile description = new ModelFile(
                ModelFile.FORMAT,
                List.of(Field.floats("x", Shape.of(4))),
                List.of(Field.floats("x", Shape.of(4))),
                List.of(Field.classId("y", List.of("no", "yes"))),
                Preprocessing.none(4),
                Losses.crossEntropy(),
                layers);
        TrainerFile trainer = new TrainerFile(
                step,
                1,
                0,
                0L,
                2.5,
                Map.of("loss", 1.0 / step),
                "loss",
                Map.of("best", Map.of("best", 0.1)),
                null,
                Map.of());
        try (Model model = Model.build(layers, Shape.of(4), RandomState.of(step));
                Scope scope = Scope.open()) {
            Map<String, Tensor> state = Map.of("optimizer.exp_avg", Tensor.ones(Shape.of(5)));
            List<Safetensors.Source> weights =
                    model.store().toFile(at -> at.of(model.store().values()));
            writer.write(new CheckpointWriter.Contents(description, trainer, weights, state, null, "abc", 42), best);
        }
    }

    @Test
    void opens_the_latest_and_the_best_with_all_that_was_written() {
        assertThat(Checkpoint.latest(run).trainer().step()).isEqualTo(30);
        Checkpoint best = Checkpoint.best(run);
        assertThat(best.trainer().step()).isEqualTo(20);
        assertThat(best.trainer().metrics()).containsEntry("loss", 0.05);
        assertThat(best.manifest().seed()).isEqualTo(42);
        assertThat(best.manifest().dataFingerprint()).isEqualTo("abc");
        assertThat(best.description().targets().get(0).classes()).containsExactly("no", "yes");
        try (Model loaded = best.load();
                Model expected = Model.build(best.description().model(), Shape.of(4), RandomState.of(20));
                Scope scope = Scope.open()) {
            assertThat(loaded.store().values().toFloats())
                    .isEqualTo(expected.store().values().toFloats());
            assertThat(best.state().names()).containsExactly("optimizer.exp_avg");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.json", "model.safetensors", "optimizer.safetensors", "trainer.json"})
    void notices_any_flipped_byte_and_names_the_file(String name) throws IOException {
        Path directory = run.resolve("checkpoints/step-00000030");
        Path file = directory.resolve(name);
        long size = Files.size(file);
        for (long at = 0; at < size; at += Math.max(1, size / 40)) {
            flip(file, at);
            assertThatThrownBy(() -> Checkpoint.open(directory))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("is damaged")
                    .hasMessageContaining(name);
            flip(file, at);
        }
        assertThat(Checkpoint.open(directory).trainer().step()).isEqualTo(30);
    }

    @Test
    void never_opens_with_a_flipped_byte_in_the_hashes_of_the_manifest() throws IOException {
        Path directory = run.resolve("checkpoints/step-00000030");
        Path file = directory.resolve("manifest.json");
        int at = Files.readString(file).indexOf("\"sha256\"") + 15;
        flip(file, at);
        assertThatThrownBy(() -> Checkpoint.open(directory)).isInstanceOf(FailureException.class);
    }

    @Test
    void notices_truncated_missing_and_swapped_files() throws IOException {
        for (String name : FILES) {
            Path directory = run.resolve("checkpoints/step-00000030");
            Path file = directory.resolve(name);
            byte[] content = Files.readAllBytes(file);

            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(content.length / 2);
            }
            assertThatThrownBy(() -> Checkpoint.open(directory)).isInstanceOf(FailureException.class);

            Files.delete(file);
            assertThatThrownBy(() -> Checkpoint.open(directory)).isInstanceOf(FailureException.class);

            if (!name.equals("manifest.json") && !name.equals("model.json") && !name.equals("optimizer.safetensors")) {
                Files.copy(
                        run.resolve("checkpoints/step-00000010").resolve(name),
                        file,
                        StandardCopyOption.REPLACE_EXISTING);
                assertThatThrownBy(() -> Checkpoint.open(directory)).isInstanceOf(FailureException.class);
            }
            Files.write(file, content);
            assertThat(Checkpoint.open(directory).trainer().step()).isEqualTo(30);
        }
    }

    @Test
    void goes_on_from_the_newest_sound_one_before_a_damaged_one() throws IOException {
        flip(run.resolve("checkpoints/step-00000030/model.safetensors"), 200);
        assertThat(new RunDirectory(run).newestSound().trainer().step()).isEqualTo(20);
        Files.delete(run.resolve("checkpoints/step-00000020/manifest.json"));
        assertThat(new RunDirectory(run).newestSound().trainer().step()).isEqualTo(10);
        flip(run.resolve("checkpoints/step-00000010/trainer.json"), 3);
        assertThatThrownBy(() -> new RunDirectory(run).newestSound())
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("step-00000030")
                .hasMessageContaining("is damaged");
    }

    @Test
    void never_answers_from_another_checkpoint_than_the_one_asked_for() throws IOException {
        flip(run.resolve("checkpoints/step-00000030/model.safetensors"), 200);
        flip(run.resolve("checkpoints/step-00000020/model.json"), 20);
        assertThatThrownBy(() -> Checkpoint.latest(run))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("step-00000030")
                .hasMessageContaining("is damaged")
                .hasMessageContaining("resume");
        assertThatThrownBy(() -> Checkpoint.best(run))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("step-00000020");
    }

    @Test
    void does_not_follow_a_pointer_out_of_the_run() throws IOException {
        Files.writeString(run.resolve("LATEST"), "../../elsewhere\n");
        assertThatThrownBy(() -> Checkpoint.latest(run))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("does not name a checkpoint");
        assertThat(new RunDirectory(run).newestSound().trainer().step()).isEqualTo(30);
    }

    @Test
    void checkpoints_are_a_run_also_where_the_files_are_gone_that_name_one() throws IOException {
        Files.delete(run.resolve("LATEST"));
        Files.delete(run.resolve("BEST"));
        RunDirectory directory = new RunDirectory(run);
        assertThat(directory.hasCheckpoint()).isTrue();
        List<String> said = warnings(
                () -> assertThat(directory.newestSound().trainer().step()).isEqualTo(30));
        assertThat(said).singleElement().asString().contains("LATEST", "no such file", "going on from step-00000030");
        assertThatThrownBy(() -> Checkpoint.best(run))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("LATEST")
                .hasMessageContaining("resume");
        assertThat(new RunDirectory(run.resolve("checkpoints")).hasCheckpoint()).isFalse();
    }

    @Test
    void what_is_passed_over_on_a_resume_is_told_once() throws IOException {
        flip(run.resolve("checkpoints/step-00000030/model.safetensors"), 200);
        assertThat(warnings(() -> new RunDirectory(run).newestSound()))
                .singleElement()
                .asString()
                .contains("step-00000030");
        Files.delete(run.resolve("checkpoints/step-00000020/manifest.json"));
        assertThat(warnings(() -> new RunDirectory(run).newestSound()))
                .satisfiesExactlyInAnyOrder(
                        warning -> assertThat(warning).contains("step-00000020"),
                        warning -> assertThat(warning).contains("step-00000030", "going on from step-00000010"));
    }

    private static List<String> warnings(Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(RunDirectory.class);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        logger.addAppender(heard);
        try {
            action.run();
        } finally {
            logger.detachAppender(heard);
        }
        return heard.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void says_what_to_do_where_there_is_no_run() {
        assertThatThrownBy(() -> Checkpoint.best(run.resolve("nothing")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train first");
    }

    @Test
    void keeps_the_newest_and_the_best_and_deletes_the_others() throws IOException {
        CheckpointWriter writer = new CheckpointWriter(run, 1);
        write(writer, 40, false);
        assertThat(names()).containsExactlyInAnyOrder("step-00000020", "step-00000040");
        write(writer, 50, true);
        assertThat(names()).containsExactly("step-00000050");
    }

    @Test
    void replaces_a_checkpoint_of_the_same_step_that_a_crash_left_without_a_pointer() {
        write(new CheckpointWriter(run, 3), 30, true);
        assertThat(Checkpoint.best(run).trainer().step()).isEqualTo(30);
    }

    @Test
    void clears_what_a_crash_left_half_written() throws IOException {
        Path left = Files.createDirectories(run.resolve("checkpoints/.tmp-step-00000040"));
        Files.writeString(left.resolve("model.json"), "{");
        write(new CheckpointWriter(run, 3), 50, false);
        assertThat(left).doesNotExist();
    }

    @Test
    void leaves_nothing_of_a_checkpoint_that_failed_half_way() throws IOException {
        Checkpoint last = Checkpoint.latest(run);
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> reserved = Map.of("__metadata__", Tensor.ones(Shape.of(5)));
            CheckpointWriter.Contents contents = new CheckpointWriter.Contents(
                    last.description(), last.trainer(), List.of(), reserved, null, "abc", 42);
            assertThatThrownBy(() -> new CheckpointWriter(run, 3).write(contents, true))
                    .isInstanceOf(InputException.class);
        }
        assertThat(names()).containsExactlyInAnyOrder("step-00000010", "step-00000020", "step-00000030");
        assertThat(Checkpoint.best(run).trainer().step()).isEqualTo(20);
    }

    @Test
    void counts_steps_of_more_digits_as_newer() throws IOException {
        CheckpointWriter writer = new CheckpointWriter(run, 1);
        write(writer, 99_999_999, true);
        write(writer, 100_000_000, false);
        write(writer, 100_000_001, false);
        assertThat(names()).containsExactlyInAnyOrder("step-99999999", "step-100000001");
    }

    @Test
    void leaves_earlier_checkpoints_untouched_where_a_new_one_cannot_be_written() throws IOException {
        CheckpointWriter writer = new CheckpointWriter(run, 3);
        // A file stands where the temporary directory would go, and its parent is replaced by nothing writable.
        Path checkpoints = run.resolve("checkpoints");
        Path aside = run.resolve("aside");
        Files.move(checkpoints, aside);
        Files.writeString(checkpoints, "not a directory");
        assertThatThrownBy(() -> write(writer, 40, false))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("earlier checkpoints are untouched");
        Files.delete(checkpoints);
        Files.move(aside, checkpoints);
        assertThat(Checkpoint.latest(run).trainer().step()).isEqualTo(30);
    }

    @Test
    void a_checkpoint_that_is_complete_but_could_not_be_named_is_told_so_and_leaves_no_temporary_file()
            throws IOException {
        CheckpointWriter writer = new CheckpointWriter(run, 3);
        // A full directory stands where the pointer's temporary file would go.
        Path blocked = Files.createDirectories(run.resolve(".LATEST.tmp"));
        Files.writeString(blocked.resolve("x"), "x");
        assertThatThrownBy(() -> write(writer, 40, false)).isInstanceOf(FailureException.class);
        Files.delete(blocked.resolve("x"));
        Files.delete(blocked);

        Path latest = run.resolve("LATEST");
        Files.delete(latest);
        Files.createDirectories(latest.resolve("in-the-way"));
        assertThatThrownBy(() -> write(writer, 40, false))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("step-00000040 is complete, but " + latest)
                .hasMessageContaining("could not be replaced");
        assertThat(run.resolve(".LATEST.tmp")).doesNotExist();
        assertThat(run.resolve("checkpoints/step-00000040/manifest.json")).exists();
        Files.delete(latest.resolve("in-the-way"));
        Files.delete(latest);

        Files.writeString(latest, "step-00000030\n");
        assertThat(new RunDirectory(run).newestSound().trainer().step()).isEqualTo(30);
        write(new CheckpointWriter(run, 3), 40, false);
        assertThat(Checkpoint.latest(run).trainer().step()).isEqualTo(40);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
            return all.map(p -> p.getFileName().toString()).toList();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[(int) at] ^= 0x10;
        Files.write(file, content);
    }
}
