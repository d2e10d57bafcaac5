package dev.jumbo.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.split.MissingClasses;
import dev.jumbo.data.split.Shares;
import dev.jumbo.data.split.SplitMethod;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class ImageFolderSourceTest {
    private static final Shape SHAPE = Shape.of(1, 2, 2);

    @TempDir
    Path root;

    @Test
    void pixels_are_scaled_to_0_to_1_if_nothing_is_said() throws IOException {
        pictures("cat", "dog");

        Dataset train = load("validation").train();

        assertThat(train.preprocessing()).isEqualTo(Normalization.rescale(train));
        float[] out = new float[4];
        train.preprocessing().apply(new float[] {0, 51, 102, 255}, 0, out, 0);
        assertThat(out).containsExactly(new float[] {0, 0.2f, 0.4f, 1}, Offset.offset(1e-6f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"validation", "val", "valid", "dev"})
    void the_usual_names_of_the_validation_folder_are_understood(String name) throws IOException {
        pictures("train/cat", "train/dog", name + "/cat", name + "/dog", "test/cat", "test/dog");

        List<String> said = new ArrayList<>();
        DataParts parts = listening(said, () -> load("validation"));

        assertThat(Objects.requireNonNull(parts.validation()).size()).isEqualTo(16);
        assertThat(Objects.requireNonNull(parts.test()).size()).isEqualTo(16);
        assertThat(said).isEmpty();
    }

    @Test
    void a_folder_that_is_not_read_is_named() throws IOException {
        pictures("train/cat", "train/dog", "holdout/cat", "holdout/dog");

        List<String> said = new ArrayList<>();
        DataParts parts = listening(said, () -> load("validation"));

        assertThat(parts.validation()).isNull();
        assertThat(said).hasSize(1).first().asString().contains("holdout", "{validation: NAME}");
        assertThat(Objects.requireNonNull(load("holdout").validation()).size()).isEqualTo(16);
    }

    @Test
    void folders_that_cannot_be_told_apart_are_refused() throws IOException {
        pictures("train/cat", "val/cat", "dev/cat");
        assertThatThrownBy(() -> load("validation"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found [val, dev]");
        assertThatThrownBy(() -> load("valdation"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a folder \"valdation\"");
    }

    @Test
    void parts_without_a_folder_for_training_are_not_taken_for_classes() throws IOException {
        pictures("training/cat", "training/dog", "val/cat", "val/dog");
        assertThatThrownBy(() -> load("validation"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a folder \"train\"")
                .hasMessageContaining("[training, val]");
    }

    @Test
    void classes_that_differ_between_folders_are_named() throws IOException {
        pictures("train/cat", "train/dog", "val/cat", "val/cow");
        assertThatThrownBy(() -> load("validation"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("it has none of \"dog\"")
                .hasMessageContaining("none of \"cow\"");
    }

    @Test
    void channels_last_is_said_once_with_what_to_write() {
        assertThatThrownBy(() -> new ImageFolderSource(Shape.of(32, 24, 3), "train", "validation", "test"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("channels come first: write [3, 32, 24]");
        assertThatThrownBy(() -> new TarShardsSource(Shape.of(32, 24), List.of(), "train", "validation", "test"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("write [3, 32, 24] for colour or [1, 32, 24] for grey");
    }

    @Test
    void a_share_of_a_folder_has_all_classes_and_a_last_part_that_has_not_is_said() throws IOException {
        pictures("cat", "dog", "emu");
        DataParts parts = load("validation");

        DataParts stratified = parts.divide(SplitMethod.stratified(), new Shares(0.25, 0.25), null, 3);
        DataParts last = parts.divide(SplitMethod.last(), new Shares(0.25, 0), null, 3);

        assertThat(MissingClasses.warning(stratified.train(), stratified.validation(), stratified.test(), "x"))
                .isEmpty();
        assertThat(MissingClasses.warning(
                        last.train(),
                        last.validation(),
                        null,
                        SplitMethod.last().adviceOnMissingClasses()))
                .hasValueSatisfying(
                        said -> assertThat(said).startsWith("the validation part has no example of \"cat\", \"dog\":"));
    }

    @Test
    void pictures_of_one_name_part_stay_on_one_side() throws IOException {
        pictures("cat", "dog");
        DataParts parts = load("validation");

        DataParts divided = parts.divide(SplitMethod.groupByFileName("^(\\w)_"), new Shares(0.25, 0), null, 3);

        // Names are a_0.png to d_1.png in both folders: a quarter of them is one letter of four.
        assertThat(Objects.requireNonNull(divided.validation()).size()).isEqualTo(4);
        assertThatThrownBy(() -> parts.divide(SplitMethod.groupByFileName("^x"), new Shares(0.25, 0), null, 3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a_0.png");
    }

    @Test
    void forty_files_that_are_no_pictures_are_one_line_of_the_log_and_a_table() throws IOException {
        pictures("train/cat", "train/dog", "val/cat", "val/dog");
        for (int i = 0; i < 40; i++) {
            Files.writeString(root.resolve((i < 30 ? "train/cat/" : "val/dog/") + i + ".txt"), "not a picture");
        }

        List<String> said = new ArrayList<>();
        listening(said, () -> load("validation"));

        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("40 files are not examples: ")
                .endsWith(" and 37 more; all are in " + root.resolve("rejected.csv"));
        assertThat(Files.readAllLines(root.resolve("rejected.csv")))
                .hasSize(41)
                .startsWith("file,reason")
                .anyMatch(line -> line.startsWith(root.resolve("val/dog/39.txt") + ","));
    }

    @Test
    void a_list_of_refused_files_goes_when_they_have_gone() throws IOException {
        pictures("cat", "dog");
        Path out = Files.createDirectory(root.resolve(".out"));
        Path note = Files.writeString(root.resolve("cat/n.txt"), "x");
        ImageFolderSource source = new ImageFolderSource(SHAPE, "train", "validation", "test");
        source.load(root, out);
        assertThat(out.resolve("rejected.csv")).exists();
        Files.delete(note);
        source.load(root, out);
        assertThat(out.resolve("rejected.csv")).doesNotExist();
    }

    private DataParts load(String validation) {
        return new ImageFolderSource(SHAPE, "train", validation, "test").load(root, root);
    }

    private static DataParts listening(List<String> said, Supplier<DataParts> load) {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.jumbo");
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        logger.addAppender(heard);
        try {
            return load.get();
        } finally {
            logger.detachAppender(heard);
            heard.list.forEach(event -> said.add(event.getFormattedMessage()));
        }
    }

    private void pictures(String... folders) throws IOException {
        for (String folder : folders) {
            for (int i = 0; i < 8; i++) {
                float[] values = new float[4];
                Arrays.fill(values, 10 * i);
                Path file = root.resolve(folder).resolve((char) ('a' + i / 2) + "_" + i % 2 + ".png");
                Files.createDirectories(file.getParent());
                Files.write(file, Images.png(values, SHAPE));
            }
        }
    }
}
