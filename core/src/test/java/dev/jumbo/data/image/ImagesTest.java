package dev.jumbo.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.awt.Point;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures and expected values: {@code src/test/python/make_image_fixtures.py}. */
class ImagesTest {
    private static final Shape COLOUR = Shape.of(3, 18, 26);
    private static final Shape GREY = Shape.of(1, 18, 26);

    @Test
    void reads_a_colour_png_exactly() {
        assertThat(Images.decode(resource("rgb.png"), COLOUR)).isEqualTo(values("rgb.txt"));
    }

    @ParameterizedTest
    @CsvSource({"rgb.jpg, jpg.txt, 3", "progressive.jpg, jpg.txt, 3", "grey.jpg, grey_jpg.txt, 1"})
    void reads_a_jpeg_as_another_decoder_does(String file, String expected, int channels) {
        // Decoders may differ in rounding and in how they enlarge the halved colour.
        float[] values = Images.decode(resource(file), Shape.of(channels, 18, 26));
        float[] peer = values(expected);

        double sum = 0;
        for (int i = 0; i < peer.length; i++) {
            assertThat(values[i]).isCloseTo(peer[i], Offset.offset(12f));
            sum += Math.abs(values[i] - peer[i]);
        }
        assertThat(sum / peer.length).isLessThan(1.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey.png", "grey16.png"})
    void reads_grey_of_8_and_of_16_bits_without_changing_its_brightness(String file) {
        float[] red = Arrays.copyOf(values("rgb.txt"), 18 * 26);

        assertThat(Images.decode(resource(file), GREY)).containsExactly(red, Offset.offset(0.01f));
        assertThat(Arrays.copyOfRange(Images.decode(resource(file), COLOUR), 2 * 18 * 26, 3 * 18 * 26))
                .containsExactly(red, Offset.offset(0.01f));
    }

    @Test
    void lays_transparent_pixels_over_white() {
        float[] rgb = values("rgb.txt");
        int plane = 18 * 26;
        float[] greyAlpha = Images.decode(resource("grey_alpha.png"), GREY);
        float[] rgba = Images.decode(resource("rgba.png"), COLOUR);
        for (int i = 0; i < plane; i++) {
            float alpha = rgb[plane + i] / 255;
            assertThat(greyAlpha[i]).isCloseTo(alpha * rgb[i] + (1 - alpha) * 255, Offset.offset(0.01f));
            float upsideDown = rgb[(17 - i / 26) * 26 + i % 26] / 255;
            assertThat(rgba[plane + i])
                    .isCloseTo(upsideDown * rgb[plane + i] + (1 - upsideDown) * 255, Offset.offset(0.01f));
        }
    }

    @Test
    void colour_becomes_grey_by_the_weights_of_bt_601() {
        float[] rgb = values("rgb.txt");

        float[] grey = Images.decode(resource("rgb.png"), GREY);

        int plane = 18 * 26;
        for (int i = 0; i < plane; i++) {
            assertThat(grey[i])
                    .isCloseTo(
                            0.299f * rgb[i] + 0.587f * rgb[plane + i] + 0.114f * rgb[2 * plane + i],
                            Offset.offset(0.01f));
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 9", "40, 31", "18, 5"})
    void resizes_as_pytorch_does_with_antialiasing(int height, int width) {
        float[] resized = Images.decode(resource("rgb.png"), Shape.of(3, height, width));

        assertThat(resized).containsExactly(values("resized_" + height + "x" + width + ".txt"), Offset.offset(0.01f));
    }

    @Test
    void converts_cmyk_as_photoshop_writes_it_to_rgb() throws IOException {
        // Inverted, 0 being full ink, and said so by an Adobe segment behind the start of the image.
        byte[] adobe = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
        WritableRaster cyan = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, new Point(0, 0));
        for (int i = 0; i < 256; i++) {
            cyan.setPixel(i % 16, i / 16, new int[] {0, 255, 255, 255});
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(new IIOImage(cyan, null, null));
        }
        writer.dispose();

        byte[] plain = out.toByteArray();
        byte[] file = ByteBuffer.allocate(plain.length + adobe.length)
                .put(plain, 0, 2)
                .put(adobe)
                .put(plain, 2, plain.length - 2)
                .array();

        float[] rgb = Images.decode(file, Shape.of(3, 1, 1));

        assertThat(rgb[0]).isLessThan(110);
        assertThat(rgb[1]).isGreaterThan(120);
        assertThat(rgb[2]).isGreaterThan(180);
    }

    @Test
    void what_is_written_as_png_is_read_again() {
        float[] values = values("rgb.txt");

        assertThat(Images.decode(Images.png(values, COLOUR), COLOUR)).isEqualTo(values);
        float[] grey = Arrays.copyOf(values, 18 * 26);
        assertThat(Images.decode(Images.png(grey, GREY), GREY)).isEqualTo(grey);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb.jpg", "progressive.jpg"})
    void rejects_a_file_cut_anywhere(String name) {
        byte[] whole = resource(name);
        for (int length = 0; length < whole.length - 8; length += 1 + length / 40) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Images.decode(cut, GREY))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(InputException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb.jpg", "grey16.png", "progressive.jpg"})
    void damage_gives_pixels_or_an_input_error_and_nothing_else(String name) {
        Random random = new Random(3);
        byte[] whole = resource(name);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k <= random.nextInt(4); k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(Images.decode(damaged, GREY, 1_000_000)).hasSize(18 * 26);
            } catch (InputException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "grey.png", "grey16.png", "rgb.jpg"})
    void what_is_said_of_a_damaged_picture_names_no_class_of_java(String name) {
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] damaged = resource(name).clone();
            int at = 8 + random.nextInt(damaged.length - 8);
            for (int k = at; k < Math.min(damaged.length, at + 40); k++) {
                damaged[k] = (byte) random.nextInt();
            }
            try {
                Images.decode(damaged, GREY, 1_000_000);
            } catch (InputException e) {
                refused++;
                assertThat(e)
                        .hasMessageNotContaining("Exception")
                        .hasMessageNotContaining("javax.")
                        .hasMessageNotContaining("java.");
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void rejects_a_png_header_of_65535_squared_before_decoding() {
        byte[] bomb = resource("grey.png");
        ByteBuffer.wrap(bomb).putInt(16, 65535).putInt(20, 65535);

        assertThatThrownBy(() -> Images.decode(bomb, GREY))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "expected an image of at most 40000000 pixels, received one of 65535 by 65535; make it smaller");
    }

    @Test
    void rejects_a_jpeg_header_of_65535_squared_before_decoding() {
        byte[] bomb = resource("rgb.jpg");
        int frame = 0;
        while ((bomb[frame] & 0xFF) != 0xFF || (bomb[frame + 1] & 0xFF) != 0xC0) {
            frame++;
        }
        ByteBuffer.wrap(bomb).putInt(frame + 5, -1);

        assertThatThrownBy(() -> Images.decode(bomb, GREY))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("65535 by 65535");
    }

    @Test
    void rejects_what_is_not_an_image() {
        assertThatThrownBy(() -> Images.decode("GIF89a, perhaps".getBytes(StandardCharsets.US_ASCII), GREY))
                .isInstanceOf(InputException.class)
                .hasMessage("expected a PNG or JPEG image, received 15 bytes of something else");
    }

    static byte[] resource(String name) {
        try (InputStream in = ImagesTest.class.getResourceAsStream("/fixtures/images/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static float[] values(String name) {
        String[] lines = new String(resource(name), StandardCharsets.US_ASCII).split("\n");
        float[] values = new float[lines.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(lines[i]);
        }
        return values;
    }
}
