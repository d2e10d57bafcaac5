package dev.jumbo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.Row;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.data.image.ImageDataset;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every main runs to its end, on less than it was made for, and prints what it promises. */
class ExamplesTest {
    @TempDir
    Path temp;

    @Test
    void the_quick_start_trains_on_idx_files_and_reports_the_test_accuracy() throws Exception {
        Digits digits = Digits.draw(640, 100, 0);
        Path data = Files.createDirectory(temp.resolve("mnist"));
        writeIdx(digits.train(), data, "train");
        writeIdx(digits.test(), data, "t10k");

        String printed = output(() -> QuickStart.main(
                new String[] {data.toString(), temp.resolve("run").toString(), "3"}));

        assertThat(number("accuracy=", printed)).isGreaterThan(0.3); // guessing gives 0.1
        assertThat(temp.resolve("run/BEST")).exists();
    }

    @Test
    void the_hand_written_loop_lowers_the_loss() throws Exception {
        String printed = output(() -> OwnTrainingLoop.main(new String[] {"640", "2"}));

        assertThat(number("epoch 2: loss ", printed)).isLessThan(number("epoch 1: loss ", printed));
    }

    @Test
    void an_objective_of_its_own_trains_an_auto_encoder() throws Exception {
        String printed = output(() ->
                VariationalAutoEncoder.main(new String[] {temp.resolve("vae").toString(), "640", "2"}));

        assertThat(number("error=", printed)).isBetween(1.0, 500.0); // of scaled digits, as in training
        assertThat(number("divergence=", printed)).isPositive();
    }

    @Test
    void a_generator_and_a_discriminator_train_in_two_phases() throws Exception {
        String printed = output(
                () -> TwoPlayers.main(new String[] {temp.resolve("players").toString(), "640", "2"}));

        assertThat(number("judge_loss=", printed)).isBetween(0.01, 10.0); // of scaled digits, as in training
        assertThat(number("draw_loss=", printed)).isPositive();
        assertThat(printed).contains("a digit of 784 pixels");
    }

    @Test
    void the_graph_trains_with_two_inputs() throws Exception {
        String printed = output(
                () -> FunctionalGraph.main(new String[] {temp.resolve("run").toString(), "640", "1"}));

        assertThat(number("accuracy=", printed)).isBetween(0.0, 1.0);
        assertThat(number("roc_auc=", printed)).isBetween(0.0, 1.0);
    }

    @Test
    void the_table_is_cleaned_and_a_customer_who_calls_often_is_likely_to_cancel() throws Exception {
        String printed = output(
                () -> TabularModel.main(new String[] {temp.resolve("table").toString(), "1200", "4"}));

        assertThat(printed)
                .contains("rows in 1,205, out 1,200,")
                .contains("malformed records 1")
                .contains("above 120");
        assertThat(number("accuracy=", printed)).isGreaterThan(0.6);
        assertThat(number("cancels with probability ", printed)).isGreaterThan(0.5);
    }

    @Test
    void arrays_in_memory_train_a_regression_that_answers_in_its_own_unit() throws Exception {
        String printed = output(
                () -> ArraysInMemory.main(new String[] {temp.resolve("arrays").toString(), "1000", "10"}));

        assertThat(number("rmse=", printed)).isLessThan(100); // the rents have a deviation near 450, and noise of 30
        assertThat(number("r2=", printed)).isBetween(0.95, 1.0);
        assertThat(number(" and ", printed)).isBetween(1700.0, 2300.0);
    }

    @Test
    void tied_embeddings_are_one_matrix_and_learn_more_than_a_guess() throws Exception {
        String printed = output(() -> TiedEmbeddings.main(
                new String[] {"../docs/training.md", temp.resolve("tied").toString(), "12000", "2"}));

        double bits = number("bits per character=", printed);
        assertThat(bits).isLessThan(number(", of ", printed) - 1);
        // A matrix of its own for the head would be one more tensor, and 64 values more for each character.
        assertThat(number("saved ", printed)).isEqualTo(2 + 2 * 12 + 2);
    }

    @Test
    void the_contact_sheet_has_a_row_for_each_augmentation() throws Exception {
        Path file = temp.resolve("sheet.png");

        String printed = output(() -> Augment.main(new String[] {file.toString()}));

        BufferedImage sheet = ImageIO.read(file.toFile());
        assertThat(sheet.getWidth()).isEqualTo(16 * 32);
        assertThat(sheet.getHeight()).isEqualTo((int) (printed.lines().count() - 1) * 32);
    }

    private interface Program {
        void run() throws Exception;
    }

    private static String output(Program program) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static double number(String before, String printed) {
        Matcher matcher = Pattern.compile(Pattern.quote(before) + "([-0-9.E]+)").matcher(printed);
        assertThat(matcher.find())
                .as("\"%s\" and a number in: %s", before, printed)
                .isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private static void writeIdx(ImageDataset data, Path directory, String prefix) throws IOException {
        try (DataOutputStream images =
                        new DataOutputStream(Files.newOutputStream(directory.resolve(prefix + "-images-idx3-ubyte")));
                DataOutputStream labels =
                        new DataOutputStream(Files.newOutputStream(directory.resolve(prefix + "-labels-idx1-ubyte")))) {
            images.writeInt(0x00000803);
            images.writeInt(data.size());
            images.writeInt(Digits.SIZE);
            images.writeInt(Digits.SIZE);
            labels.writeInt(0x00000801);
            labels.writeInt(data.size());
            Row row = Row.single(data);
            for (int i = 0; i < data.size(); i++) {
                data.read(i, row);
                for (float pixel : row.floats(0)) {
                    images.writeByte((int) pixel);
                }
                labels.writeByte((int) row.longs(1)[0]);
            }
        }
    }
}
