package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;

class PictureLimitsTest {
    private static byte[] written(String format, BufferedImage image, boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        how.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var to = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(to);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    private static BufferedImage grey(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    }

    /** The last scan of a progressive JPEG, many times more: each a full pass over the pixels for a few bytes. */
    private static byte[] withScans(byte[] jpeg, int more) {
        int last = 0;
        for (int i = 2; i + 1 < jpeg.length; i++) {
            last = (jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xDA ? i : last;
        }
        int end = jpeg.length - 2;
        byte[] all = Arrays.copyOf(jpeg, end + more * (end - last) + 2);
        for (int i = 0; i < more; i++) {
            System.arraycopy(jpeg, last, all, end + i * (end - last), end - last);
        }
        all[all.length - 2] = (byte) 0xFF;
        all[all.length - 1] = (byte) 0xD9;
        return all;
    }

    @Test
    void usual_pictures_of_the_most_pixels_pass() throws IOException {
        PictureLimits limits = PictureLimits.ofPixels(1_000_000);
        assertThatCode(() -> {
                    limits.require(written("png", grey(1000, 1000), false));
                    limits.require(written("jpeg", grey(1000, 1000), false));
                    limits.require(written("jpeg", grey(1000, 1000), true));
                })
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> limits.require(written("png", grey(1001, 1000), false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 1000000 pixels, received one of 1001 by 1000");
    }

    @Test
    void thousands_of_scans_are_refused_by_their_number_before_anything_is_decoded() throws IOException {
        byte[] jpeg = withScans(written("jpeg", grey(3000, 3000), true), 3000);
        long start = System.nanoTime();
        assertThatThrownBy(() -> PictureLimits.ofPixels(10_000_000).require(jpeg))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 100 scans");
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
    }

    @Test
    void some_scans_are_too_many_for_a_large_picture_and_not_for_a_small_one() throws IOException {
        byte[] large = withScans(written("jpeg", grey(1000, 1000), true), 60);
        assertThatThrownBy(() -> PictureLimits.ofPixels(1_000_000).require(large))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("scans in a JPEG of 1000 by 1000");
        byte[] small = withScans(written("jpeg", grey(300, 300), true), 60);
        assertThatCode(() -> PictureLimits.ofPixels(1_000_000).require(small)).doesNotThrowAnyException();
    }

    @Test
    void channels_of_sixteen_bits_count_twice() throws IOException {
        var deep = new BufferedImage(900, 900, BufferedImage.TYPE_USHORT_GRAY);
        assertThatCode(() -> PictureLimits.ofPixels(1_000_000).require(written("png", deep, false)))
                .as("16 bits a pixel are less than four channels of 8")
                .doesNotThrowAnyException();
        byte[] header = written("png", grey(900, 900), false);
        header[24] = 16; // bits a channel
        header[25] = 6; // four channels
        assertThatThrownBy(() -> PictureLimits.ofPixels(1_000_000).require(header))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("with 64 bits each");
        header[24] = 8;
        header[28] = 1; // interlaced
        assertThatThrownBy(() -> PictureLimits.ofPixels(1_000_000).require(header))
                .hasMessageContaining("interlaced");
    }
}
