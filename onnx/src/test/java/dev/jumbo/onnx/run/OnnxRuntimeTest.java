package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.jumbo.error.InputException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OnnxRuntimeTest {
    @Test
    void it_starts_from_a_thread_with_a_small_stack() throws InterruptedException {
        AtomicReference<String> version = new AtomicReference<>("");
        Thread small =
                new Thread(null, () -> version.set(OnnxRuntime.environment().getVersion()), "small", 256 << 10);
        small.start();
        small.join();
        assertThat(version.get()).startsWith("1.");
    }

    @Test
    void its_words_have_no_places_in_its_source() {
        OrtException said = new OrtException(
                OrtException.OrtErrorCode.ORT_FAIL,
                "Exception during initialization: /src/core/rnn/lstm_base.h:53 ort::LSTMBase::LSTMBase(const ort::Info&)"
                        + " layout_ == 0 was false.\n Node: /layers.0/LSTM");
        assertThat(OnnxRuntime.words(said))
                .isEqualTo("Exception during initialization: layout_ == 0 was false. Node: /layers.0/LSTM");
    }

    @Test
    void what_is_no_model_is_refused_with_a_reason() {
        assertThatThrownBy(() -> OnnxSession.of(new byte[] {1, 2, 3}).close())
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("ONNX Runtime cannot load the model: ");
    }
}
