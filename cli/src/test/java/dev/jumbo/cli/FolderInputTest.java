package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.Field;
import dev.jumbo.data.image.Images;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.answer.OutputAnswer;
import dev.jumbo.train.answer.Prediction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderInputTest {
    @TempDir
    Path dir;

    @Test
    void a_folder_is_its_pictures_by_content_and_a_damaged_one_is_still_refused() throws Exception {
        Shape shape = Shape.of(1, 2, 2);
        byte[] png = Images.png(new float[] {0, 10, 20, 30}, shape);
        Files.write(dir.resolve("a.png"), png);
        Files.write(dir.resolve("b.without-ending"), png);
        Files.writeString(dir.resolve("c.png"), "not a picture");
        Files.writeString(dir.resolve("notes.txt"), "labels");
        Files.write(dir.resolve("d.png"), Arrays.copyOf(png, 20));
        List<Example> read = new ArrayList<>();
        new Examples(Field.floats("image", shape), null, null).read(dir.toString(), read::add);
        assertThat(read.stream().map(Example::name))
                .containsExactly(
                        dir.resolve("a.png").toString(),
                        dir.resolve("b.without-ending").toString(),
                        dir.resolve("d.png").toString());
        assertThat(read.get(1).values()).containsExactly(0, 10, 20, 30);
        assertThat(read.get(2).error()).isNotNull();
    }

    @Test
    void numbers_are_plain_figures_in_a_text_answer() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        AnswerFormat format = AnswerFormat.text(out);
        format.write(
                Example.of("a.csv:2", new double[0]),
                new Prediction(Map.of("y", new OutputAnswer.Numbers(new float[] {394813.56f})), List.of()));
        out.flush();
        assertThat(text.toString().strip()).isEqualTo("a.csv:2\t394813.56");
    }
}
