package dev.jumbo.serve.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** BYTES of the binary extension. */
class BinaryTextsFuzzTest {
    @Fuzzed
    void texts(byte[] data) {
        BinaryTexts read = AnyBytes.read(data, () -> BinaryTexts.read(ByteBuffer.wrap(data)));
        if (read == null) {
            return;
        }
        int bytes = 0;
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            int at = i;
            bytes += 4 + read.bytes(i).length;
            texts.add(AnyBytes.read(data, () -> read.text(at)));
        }
        assertThat(bytes).isEqualTo(data.length);
        if (!texts.contains(null)) {
            assertThat(BinaryTexts.write(texts)).isEqualTo(data);
        }
    }
}
