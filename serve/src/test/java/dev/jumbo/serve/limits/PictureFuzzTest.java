package dev.jumbo.serve.limits;

import dev.jumbo.data.image.Images;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import dev.jumbo.tensor.Shape;
import java.util.List;

/** Pictures: what the limits let pass is decoded soon, and in bounded memory. */
class PictureFuzzTest {
    private static final Limits LIMITS = new Limits(64 * 64, 16);

    @Fuzzed
    void picture(byte[] data) {
        AnyBytes.read(data, () -> {
            LIMITS.requirePicture(data);
            LIMITS.requirePictures(List.of(data, data));
            return Images.example(data, Shape.of(1, 4, 4));
        });
    }
}
