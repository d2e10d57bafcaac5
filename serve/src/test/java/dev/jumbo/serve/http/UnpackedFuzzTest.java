package dev.jumbo.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpData;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies that are packed. */
class UnpackedFuzzTest {
    private static final long MOST = 1 << 20;

    @Fuzzed
    void gzip(byte[] data) {
        unpack(data, "gzip");
    }

    @Fuzzed
    void deflate(byte[] data) {
        unpack(data, "deflate");
    }

    private static void unpack(byte[] data, String coding) {
        byte[] out = AnyBytes.read(data, () -> Unpacked.bytes(HttpData.wrap(data), coding, MOST, more -> {}));
        if (out != null) {
            assertThat(out.length).isLessThanOrEqualTo((int) MOST);
        }
        assertThat(Unpacked.bytes(HttpData.wrap(packed(data, coding)), coding, MOST, more -> {}))
                .isEqualTo(data);
    }

    private static byte[] packed(byte[] data, String coding) {
        var out = new ByteArrayOutputStream();
        try (OutputStream packer = coding.equals("gzip") ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
            packer.write(data);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
