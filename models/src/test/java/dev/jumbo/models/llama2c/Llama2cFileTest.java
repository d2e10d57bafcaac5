package dev.jumbo.models.llama2c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ByteSource;
import dev.jumbo.models.imports.Imported;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

    /** The first export of version 2 wrote the scales of all matrices behind the last one. */
    @Test
    void scales_that_stand_behind_all_matrices_are_found_there() throws IOException {
        byte[] together = scalesTogether(bytes("version2.bin"));
        Imported.assertLogits(
                Llama2cFile.read(ByteSource.of("model.bin", together), List.of()),
                new ObjectMapper()
                        .readTree(Imported.file("llama2c/version2.json").toFile()));
        byte[] damaged = together.clone();
        ByteBuffer.wrap(damaged)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(256 + norms(together) + matrices(together), Float.NaN);
        assertThatThrownBy(() -> read(damaged))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found neither");
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

    private static byte[] scalesTogether(byte[] file) {
        ByteBuffer from = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int group = from.getInt(8 + 7 * 4 + 1);
        int start = 256 + norms(file);
        ByteBuffer to = ByteBuffer.wrap(file.clone());
        int weights = start;
        int scales = start + matrices(file);
        int at = start;
        for (int count : counts(from)) {
            to.put(weights, file, at, count);
            to.put(scales, file, at + count, count / group * 4);
            at += count + count / group * 4;
            weights += count;
            scales += count / group * 4;
        }
        assertThat(at).isEqualTo(file.length);
        return to.array();
    }

    private static int norms(byte[] file) {
        ByteBuffer n = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return 4 * n.getInt(8) * (2 * n.getInt(16) + 1);
    }

    private static int matrices(byte[] file) {
        return counts(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN)).stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** Values of each matrix, in the order of the file. */
    private static List<Integer> counts(ByteBuffer n) {
        int dim = n.getInt(8);
        int hidden = n.getInt(12);
        int layers = n.getInt(16);
        int kv = dim / n.getInt(20) * n.getInt(24);
        int vocabulary = n.getInt(28);
        List<Integer> counts = new ArrayList<>(List.of(vocabulary * dim));
        for (int each :
                new int[] {dim * dim, kv * dim, kv * dim, dim * dim, hidden * dim, hidden * dim, hidden * dim}) {
            counts.addAll(Collections.nCopies(layers, each));
        }
        if (n.get(36) == 0) {
            counts.add(vocabulary * dim);
        }
        return counts;
    }
}
