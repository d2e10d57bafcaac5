package dev.jumbo.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the loss of libtorch on all rows at once. */
class EntropyByPiecesTest {
    private static final int ROWS = 101;
    private static final int CLASSES = 517;
    private static final long IGNORED = 7;

    private static Tensor logits() {
        RandomState.of(3).seedTorch();
        return Tensor.randn(Shape.of(ROWS, CLASSES)).mul(3).detach().requiresGrad(true);
    }

    private static Tensor ids() {
        long[] ids = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            ids[i] = i % 9 == 0 ? IGNORED : (i * 31L) % CLASSES;
        }
        return Tensor.of(ids, Shape.of(ROWS));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3 * CLASSES, 50 * CLASSES, 1 << 20})
    void loss_and_gradient_have_the_bits_of_the_loss_of_all_rows_whatever_a_piece_is(long piece) {
        try (Scope scope = Scope.open()) {
            Tensor plain = logits();
            Tensor pieces = logits();
            Tensor expected = Functional.crossEntropy(plain, ids(), null, IGNORED, 0);
            Tensor loss = EntropyByPieces.mean(pieces, ids(), IGNORED, piece);
            expected.backward();
            loss.backward();
            assertThat(loss.item()).isEqualTo(expected.item());
            assertThat(pieces.grad().toFloats()).containsExactly(plain.grad().toFloats());
        }
    }

    @Test
    void a_loss_that_counts_by_a_factor_passes_it_on() {
        try (Scope scope = Scope.open()) {
            Tensor plain = logits();
            Tensor pieces = logits();
            Functional.crossEntropy(plain, ids(), null, IGNORED, 0).mul(0.3).backward();
            EntropyByPieces.mean(pieces.mul(1), ids(), IGNORED).mul(0.3).backward();
            assertThat(pieces.grad().toFloats()).containsExactly(plain.grad().toFloats(), within(1e-9f));
        }
    }

    @Test
    void a_value_of_minus_infinity_that_is_no_target_gets_no_gradient() {
        try (Scope scope = Scope.open()) {
            float[] values = {1, Float.NEGATIVE_INFINITY, 2, 0.5f};
            Tensor logits = Tensor.of(values, Shape.of(1, 4)).requiresGrad(true);
            Tensor loss = EntropyByPieces.mean(logits, Tensor.of(new long[] {2}, Shape.of(1)), -100);
            loss.backward();
            assertThat(loss.item()).isCloseTo(Math.log(Math.exp(-1) + 1 + Math.exp(-1.5)), within(1e-6));
            assertThat(logits.grad().toFloats()[1]).isZero();
        }
    }

    @Test
    void it_is_for_many_recorded_values_in_fp32_alone() {
        try (Scope scope = Scope.open()) {
            assertThat(EntropyByPieces.isWorthIt(logits(), ROWS * CLASSES)).isTrue();
            assertThat(EntropyByPieces.isWorthIt(logits())).isFalse();
            assertThat(EntropyByPieces.isWorthIt(logits().detach(), 1)).isFalse();
            assertThat(EntropyByPieces.isWorthIt(logits().to(DType.BFLOAT16), 1))
                    .isFalse();
            try (Autograd off = Autograd.noGrad()) {
                assertThat(EntropyByPieces.isWorthIt(logits(), 1)).isFalse();
            }
        }
    }
}
