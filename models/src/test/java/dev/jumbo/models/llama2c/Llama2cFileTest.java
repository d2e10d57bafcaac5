package dev.jumbo.models.llama2c;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ByteSource;
import dev.jumbo.models.imports.Imported;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Llama2cFileTest {
    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(Imported.file("llama2c/" + name));
    }

    private static void read(byte[] bytes) {
        Llama2cFile.read(ByteSource.of("model.bin", bytes), List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version0", "version1", "version2"})
    void each_version_computes_the_logits_of_transformers(String name) throws IOException {
        Imported.assertLogits(
                Llama2cFile.read(Imported.file("llama2c/" + name + ".bin"), null),
                new ObjectMapper()
                        .readTree(Imported.file("llama2c/" + name + ".json").toFile()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version0.bin", "version1.bin", "version2.bin"})
    void a_file_that_is_cut_or_too_long_is_refused(String name) throws IOException {
        byte[] whole = bytes(name);
        for (int length : new int[] {0, 3, 27, 100, 255, 256, 300, whole.length - 1, whole.length + 4}) {
            assertThatThrownBy(() -> read(Arrays.copyOf(whole, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("model.bin: expected");
        }
    }

    @Test
    void sizes_that_lie_are_refused_before_anything_is_made_of_them() throws IOException {
        byte[] whole = bytes("version0.bin");
        for (int field = 0; field < 7; field++) {
            for (int value : new int[] {0, -1, 1 << 23, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                byte[] other = whole.clone();
                ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * field, value);
                assertThatThrownBy(() -> read(other)).isInstanceOf(InputException.class);
            }
        }
    }

    @Test
    void a_tokenizer_of_another_vocabulary_is_refused() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(4 + 2 * 9).order(ByteOrder.LITTLE_ENDIAN);
        one.putInt(1)
                .putFloat(0)
                .putInt(1)
                .put((byte) 'a')
                .putFloat(0)
                .putInt(1)
                .put((byte) 'b');
        assertThatThrownBy(() -> Llama2cTokenizer.read(ByteSource.of("tok.bin", one.array()), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tok.bin: expected 1 tokens, as the model has, received more");
        assertThatThrownBy(() -> Llama2cTokenizer.read(ByteSource.of("tok.bin", one.array()), 3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("3 tokens");
    }
}
