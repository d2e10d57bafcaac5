package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import dev.jumbo.tensor.Shape;

/** Pictures of a stranger. */
class PicturesFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);
    private static final long PIXELS = 1 << 16;
    private static final PictureLimits LIMITS = PictureLimits.ofPixels(PIXELS);
    private static final Shape SHAPE = Shape.of(3, 8, 8);

    /** What is told before anything is decoded costs no memory. */
    @Fuzzed
    void header(byte[] bytes) {
        UNTRUSTED.allocating(1 << 16, 1).parse(bytes, () -> {
            LIMITS.require(bytes);
            return ImageHeader.of(bytes);
        });
    }

    @Fuzzed
    void decode(byte[] bytes) {
        UNTRUSTED
                .parse(bytes, () -> {
                    LIMITS.require(bytes);
                    return Images.decode(bytes, SHAPE, PIXELS);
                })
                .ifPresent(pixels -> {
                    for (float pixel : pixels) {
                        assertThat(pixel >= -1e-3 && pixel <= 255.001).isTrue();
                    }
                });
    }
}
