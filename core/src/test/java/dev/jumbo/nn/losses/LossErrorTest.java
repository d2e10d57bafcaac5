package dev.jumbo.nn.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a loss refuses, and what it must survive. */
class LossErrorTest {
    @Test
    void cross_entropy_names_both_forms_of_targets() {
        assertRefused(Losses.crossEntropy(), Shape.of(10), Shape.of(3), "[]", "[10]", "[3]");
    }

    @Test
    void cross_entropy_of_sequences_points_to_the_axis() {
        assertRefused(Losses.crossEntropy(), Shape.of(7, 65), Shape.of(7), "class_axis to -1");
        assertRefused(Losses.sequenceCrossEntropy(-1), Shape.of(65, 7), Shape.of(7), "class_axis to 1");
    }

    @Test
    void cross_entropy_counts_its_class_weights() {
        Loss loss = new CrossEntropy(0, List.of(1.0, 2.0), -100, true, 1);
        assertRefused(loss, Shape.of(3), Shape.of(), "3 weights", "2");
    }

    @Test
    void cross_entropy_names_a_class_id_that_is_none() {
        try (Scope scope = Scope.open()) {
            for (long wrong : new long[] {3, -1}) {
                Tensor ids = Tensor.of(new long[] {0, wrong}, Shape.of(2));
                assertThatThrownBy(() -> Losses.crossEntropy().of(Tensor.zeros(Shape.of(2, 3)), ids))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("0 to 2, or -100 to ignore, received " + wrong);
            }
        }
    }

    @Test
    void differences_never_broadcast() {
        for (Loss loss : List.of(Losses.mse(), Losses.mae(), Losses.huber(), Losses.binaryCrossEntropy())) {
            assertRefused(loss, Shape.of(3), Shape.of(), "[3]", "[]");
            assertRefused(loss, Shape.of(3), Shape.of(2), "[3]", "[2]");
        }
    }

    @Test
    void ctc_wants_steps_by_classes() {
        assertRefused(Losses.ctc(), Shape.of(5), Shape.of(3), "[T, classes]", "[5]");
        assertRefused(new Ctc(5, false, false), Shape.of(8, 5), Shape.of(3), "blank class 5");
    }

    @Test
    void ctc_refuses_labels_that_are_no_classes() {
        try (Scope scope = Scope.open()) {
            Tensor outputs = Tensor.zeros(Shape.of(1, 4, 3));
            for (long wrong : new long[] {3, 0, -2}) {
                Tensor targets = Tensor.of(new long[] {1, wrong}, Shape.of(1, 2));
                assertThatThrownBy(() -> Losses.ctc().of(outputs, targets))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("received " + wrong);
            }
            Tensor tooLong = Tensor.of(new long[] {5, 1}, Shape.of(1, 2));
            assertThatThrownBy(() -> new Ctc(0, true, false).of(outputs, tooLong))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("1 to 4, received 5");
        }
    }

    @Test
    void settings_out_of_range_are_named() {
        assertThatThrownBy(() -> Losses.crossEntropy(1.5)).hasMessageContaining("label_smoothing");
        assertThatThrownBy(() -> new CrossEntropy(0, List.of(-1.0), 0, true, 1)).hasMessageContaining("class_weights");
        assertThatThrownBy(() -> new CrossEntropy(0, List.of(), 0, true, 2)).hasMessageContaining("class_axis");
        assertThatThrownBy(() -> new BinaryCrossEntropy(0, true)).hasMessageContaining("pos_weight");
        assertThatThrownBy(() -> Losses.huber(0)).hasMessageContaining("huber.delta");
    }

    @Test
    void probabilities_of_a_softmax_give_the_gradient_of_its_logits() {
        try (Scope scope = Scope.open()) {
            float[] values = {0.5f, -1, 2, 0, 3, -2};
            Tensor targets = Tensor.of(new long[] {2, 0}, Shape.of(2));
            Tensor logits = Tensor.of(values, Shape.of(2, 3)).requiresGrad(true);
            Losses.crossEntropy().of(logits, targets).backward();
            Tensor behindSoftmax = Tensor.of(values, Shape.of(2, 3)).requiresGrad(true);
            new CrossEntropy(0, List.of(), -100, false, 1)
                    .of(Functional.softmax(behindSoftmax, 1), targets)
                    .backward();
            assertThat(behindSoftmax.grad().toFloats())
                    .containsExactly(logits.grad().toFloats(), within(1e-6f));
        }
    }

    @Test
    void extreme_outputs_give_finite_losses() {
        try (Scope scope = Scope.open()) {
            Tensor logits = Tensor.of(new float[] {1e4f, -1e4f}, Shape.of(1, 2));
            Tensor wrong = Tensor.of(new long[] {1}, Shape.of(1));
            assertThat(Losses.crossEntropy().of(logits, wrong).item()).isEqualTo(2e4);
            Tensor certain = Tensor.of(new float[] {1, 0}, Shape.of(1, 2));
            assertThat(new CrossEntropy(0, List.of(), -100, false, 1)
                            .of(certain, wrong)
                            .item())
                    .isCloseTo(-Math.log(1e-7), within(1e-4));
            Tensor zero = Tensor.of(new float[] {1, 1}, Shape.of(1, 2));
            assertThat(Losses.binaryCrossEntropy().of(logits, zero).item()).isEqualTo(5e3);
        }
    }

    private static void assertRefused(Loss loss, Shape outputs, Shape targets, String... parts) {
        assertThatThrownBy(() -> loss.check(outputs, targets))
                .isInstanceOf(ShapeException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void an_ignore_index_that_leaves_one_named_class_is_refused_by_the_name_of_the_other() {
        Target classes = new Target("kind", Shape.of(), true, List.of("p", "n"));
        assertThatThrownBy(() -> new CrossEntropy(0, List.of(), 0, true, 1).check(Shape.of(2), classes))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ignore_index 0 is the class p of kind");
        new CrossEntropy(0, List.of(), -100, true, 1).check(Shape.of(2), classes);
        Target three = new Target("kind", Shape.of(), true, List.of("p", "n", "unsure"));
        CrossEntropy withoutUnsure = new CrossEntropy(0, List.of(), 2, true, 1);
        withoutUnsure.check(Shape.of(3), three);
        assertThat(withoutUnsure.ignored(three)).contains("the class unsure of kind: none of its examples is learned");
        new CrossEntropy(0, List.of(), 0, true, -1)
                .check(Shape.of(5, 2), new Target("tags", Shape.of(5), true, List.of("pad", "noun")));
        new CrossEntropy(0, List.of(), 0, true, 1).check(Shape.of(2), new Target("id", Shape.of(), true, List.of()));
    }
}
