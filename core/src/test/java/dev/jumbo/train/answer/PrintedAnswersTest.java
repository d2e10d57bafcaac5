package dev.jumbo.train.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.split.HeldOut;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.labels.OutOfFold;
import dev.jumbo.train.metrics.Predictions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a program prints is what a person can read. */
class PrintedAnswersTest {
    @Test
    void answers_print_their_labels_and_numbers() {
        OutputAnswer one = new OutputAnswer.OneClass(List.of("cat", "dog"), 1, new float[] {0.25f, 0.75f});
        OutputAnswer labels = new OutputAnswer.Labels(List.of("red", "round"), new float[] {0.75f, 0.25f});
        OutputAnswer numbers = new OutputAnswer.Numbers(new float[] {5012.5f});
        Answers answers = new Answers(List.of(new Prediction(Map.of("y", numbers), List.of())));

        assertThat(one).hasToString("dog of [cat, dog] [0.25, 0.75]");
        assertThat(labels).hasToString("[red] of [red, round] [0.75, 0.25]");
        assertThat(answers.toString()).contains("[5012.5]").doesNotContain("[F@");
        assertThat(new OutputAnswer.Positions(Shape.of(1), List.of((OutputAnswer.OneClass) one)).toString())
                .contains("dog of");
    }

    @Test
    void long_arrays_print_their_beginning_and_length() {
        assertThat(new OutputAnswer.Numbers(new float[100]).toString())
                .startsWith("[0.0, 0.0, ")
                .endsWith("... 100 in all]");
        assertThat(new OutOfFold(new double[][] {{0.5, 0.5}}, new int[] {1}).toString())
                .contains("[[0.5, 0.5]]", "[1]");
        assertThat(new HeldOut(new int[] {3}, new int[0]).toString()).contains("[3]", "[]");
        assertThat(new Predictions(1, 1, new float[] {2}, new long[0], new float[] {3}).toString())
                .contains("[2.0]", "[3.0]");
        assertThat(ArrayDataset.of(
                                Field.floats("x", Shape.of(1)),
                                new float[2],
                                Field.floats("y", Shape.of()),
                                new float[2])
                        .toString())
                .startsWith("2 examples with ");
    }

    @Test
    void every_public_record_with_an_array_says_what_is_in_it() throws Exception {
        Path classes = Path.of(OutputAnswer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());

        List<String> silent = records(classes)
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .filter(type -> Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .anyMatch(Class::isArray))
                .filter(PrintedAnswersTest::isSilent)
                .map(Class::getName)
                .toList();

        assertThat(silent).isEmpty();
    }

    /** The compiler's own is one call of {@code ObjectMethods}: of a record that has its own, Shown is named in the class file. */
    private static boolean isSilent(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream stream = type.getClassLoader().getResourceAsStream(file)) {
            return stream == null
                    || !new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1)
                            .contains("dev/jumbo/error/Shown");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Class<?>> records(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files
                    .map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace(File.separatorChar, '.'))
                    .<Class<?>>map(PrintedAnswersTest::load)
                    .filter(Class::isRecord)
                    .toList()
                    .stream();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PrintedAnswersTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
