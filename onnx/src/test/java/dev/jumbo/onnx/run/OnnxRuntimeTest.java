package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void what_is_no_model_is_refused_with_a_reason() {
        assertThatThrownBy(() -> OnnxSession.of(new byte[] {1, 2, 3}).close())
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("ONNX Runtime cannot load the model: ");
    }
}
