package dev.jumbo.train.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.losses.BinaryCrossEntropy;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against PyTorch, by core/src/test/python/make_answer_fixtures.py. */
class DecoderTest {
    private static final List<String> FOUR = List.of("a", "b", "c", "d");
    private static final List<String> TWO = List.of("no", "yes");
    private static final int ROWS = 3;

    @Test
    void softmax_classes_have_all_probabilities_and_the_largest_is_chosen() {
        require("softmax", Field.classId("y", FOUR), Shape.of(4), Losses.crossEntropy());
    }

    @Test
    void one_sigmoid_is_the_probability_of_the_second_class() {
        require("sigmoid", Field.classId("y", TWO), Shape.of(1), Losses.binaryCrossEntropy());
        require("sigmoid", Field.floats("y", Shape.of()), Shape.of(1), Losses.binaryCrossEntropy());
    }

    @Test
    void several_sigmoids_are_labels_that_do_not_exclude_each_other() {
        Field target = new Field("y", Shape.of(4), DType.FLOAT32, FOUR);
        Answers answers = decode("labels", target, Shape.of(4), Losses.binaryCrossEntropy(), true);
        JsonNode right = fixture("labels");
        for (int row = 0; row < ROWS; row++) {
            OutputAnswer.Labels labels =
                    (OutputAnswer.Labels) answers.rows().get(row).first();
            List<String> chosen = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                assertThat(labels.probabilities()[i])
                        .isCloseTo(
                                (float) right.at("/probabilities/" + (row * 4 + i))
                                        .asDouble(),
                                within(1e-6f));
                if (right.at("/labels/" + (row * 4 + i)).asInt() == 1) {
                    chosen.add(FOUR.get(i));
                }
            }
            assertThat(labels.chosen()).isEqualTo(chosen);
        }
    }

    @Test
    void sequences_have_a_class_at_each_step_whether_classes_come_last_or_first() {
        Field target = new Field("y", Shape.of(5), DType.INT64, FOUR);
        require("steps_last", target, Shape.of(5, 4), Losses.sequenceCrossEntropy(-100));
        require("steps_first", target, Shape.of(4, 5), Losses.crossEntropy());
        require("image", new Field("y", Shape.of(2, 3), DType.INT64, FOUR), Shape.of(4, 2, 3), Losses.crossEntropy());
        require(
                "binary_steps",
                new Field("y", Shape.of(5), DType.INT64, TWO),
                Shape.of(5),
                Losses.binaryCrossEntropy());
    }

    @Test
    void a_loss_of_probabilities_takes_outputs_as_they_are() {
        Loss softmax = new CrossEntropy(0, List.of(), -100, false, 1);
        requireProbabilities("softmax", Field.classId("y", FOUR), Shape.of(4), softmax);
        requireProbabilities("sigmoid", Field.classId("y", TWO), Shape.of(1), new BinaryCrossEntropy(1, false));
    }

    @Test
    void numbers_stay_numbers_and_several_outputs_are_named() {
        Decoder decoder = Decoder.of(
                List.of(Field.floats("size", Shape.of(2)), Field.classId("y", TWO)),
                List.of(Shape.of(2), Shape.of(2)),
                Losses.mse());
        Prediction answer = decoder.of(List.of(new float[] {1, -2.5f}, new float[] {0.25f, 0.75f}), 1)
                .rows()
                .get(0);
        assertThat(((OutputAnswer.Numbers) answer.of("size")).values()).containsExactly(1, -2.5f);
        assertThat(((OutputAnswer.OneClass) answer.of("y")).label()).isEqualTo("yes");
        assertThat(AnswerJson.of(answer))
                .hasToString(
                        "{\"values\":[1.0,-2.5],\"outputs\":{\"size\":[1.0,-2.5],"
                                + "\"y\":{\"label\":\"yes\",\"probability\":0.75,\"probabilities\":{\"no\":0.25,\"yes\":0.75}}}}");
        assertThatThrownBy(() -> answer.of("sise")).hasMessageContaining("did you mean \"size\"?");
    }

    @Test
    void classes_without_names_are_numbered() {
        Answers answers = Decoder.of(List.of(Field.ids("y", Shape.of())), List.of(Shape.of(3)), Losses.crossEntropy())
                .of(List.of(new float[] {0.1f, 0.2f, 0.7f}), 1);
        assertThat(answers.rows().get(0).label()).isEqualTo("2");
    }

    @Test
    void outputs_that_do_not_fit_the_classes_and_values_that_are_not_finite_are_refused() {
        assertThatThrownBy(
                        () -> Decoder.of(List.of(Field.classId("y", TWO)), List.of(Shape.of(3)), Losses.crossEntropy()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected 2 outputs for the classes [no, yes] of y, received a model with 3");
        Decoder decoder = Decoder.of(List.of(Field.classId("y", TWO)), List.of(Shape.of(2)), Losses.crossEntropy());
        assertThatThrownBy(() -> decoder.of(List.of(new float[] {0, 1, Float.NaN, 1}), 2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("NaN in the output y of row 1");
    }

    /** What the decoder says of a fixture's logits is what PyTorch says. */
    private static void require(String name, Field target, Shape shape, Loss loss) {
        compare(name, decode(name, target, shape, loss, true));
    }

    private static void requireProbabilities(String name, Field target, Shape shape, Loss loss) {
        compare(name, decode(name, target, shape, loss, false));
    }

    private static void compare(String name, Answers answers) {
        JsonNode right = fixture(name);
        int at = 0;
        int label = 0;
        assertThat(answers.rows()).hasSize(ROWS);
        for (Prediction row : answers.rows()) {
            List<OutputAnswer.OneClass> each = row.first() instanceof OutputAnswer.Positions positions
                    ? positions.each()
                    : List.of((OutputAnswer.OneClass) row.first());
            for (OutputAnswer.OneClass one : each) {
                assertThat(one.index())
                        .as(name)
                        .isEqualTo(right.at("/labels/" + label++).asInt());
                for (float probability : one.probabilities()) {
                    assertThat(probability)
                            .as(name)
                            .isCloseTo(
                                    (float) right.at("/probabilities/" + at++).asDouble(), within(1e-6f));
                }
            }
        }
        assertThat(right.path("labels")).hasSize(label);
        assertThat(right.path("probabilities")).hasSize(at);
    }

    private static Answers decode(String name, Field target, Shape shape, Loss loss, boolean logits) {
        float[] given = floats(fixture(name).path("logits"));
        if (!logits) {
            float[] all = floats(fixture(name).path("probabilities"));
            given = shape.elements() == 1 ? new float[] {all[1], all[3], all[5]} : all;
        }
        try (Scope scope = Scope.open()) {
            float[] said =
                    loss.predictions(Tensor.of(given, shape.prepend(ROWS))).toFloats();
            return Decoder.of(List.of(target), List.of(shape), loss).of(List.of(said), ROWS);
        }
    }

    private static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.get(i).asDouble();
        }
        return values;
    }

    private static JsonNode fixture(String name) {
        try (InputStream in = DecoderTest.class.getResourceAsStream("/fixtures/answer/answers.json")) {
            return new ObjectMapper().readTree(in).path(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
