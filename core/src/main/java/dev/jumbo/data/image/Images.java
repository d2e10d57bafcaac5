package dev.jumbo.data.image;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** PNG and JPEG to values of a wanted shape, and back to PNG. */
public final class Images {
    /** The most pixels that are decoded if nothing else is said: 40 million, which take 160 MB for a moment. */
    public static final long PIXEL_LIMIT = 40_000_000;

    private Images() {}

    /** Whether a file begins as a PNG or a JPEG does, whatever its name is; it may be damaged all the same. */
    public static boolean isPicture(byte[] file) {
        return ImageHeader.isPicture(file);
    }

    /** How many pixels a picture has, by its header. @throws InputException if the file is no PNG or JPEG, or is cut short */
    public static long pixels(byte[] file) {
        ImageHeader header = ImageHeader.of(file);
        return (long) header.width() * header.height();
    }

    /** Width and height of a picture, by its header. @throws InputException if the file is no PNG or JPEG, or is cut short */
    public static int[] size(byte[] file) {
        ImageHeader header = ImageHeader.of(file);
        return new int[] {header.width(), header.height()};
    }

    /** As {@link #decode(byte[], Shape, long)} with {@link #PIXEL_LIMIT}. */
    public static float[] decode(byte[] file, Shape shape) {
        return decode(file, shape, PIXEL_LIMIT);
    }

    /**
     * Decodes an image and resizes it (bilinear with antialiasing, proportions not kept).
     *
     * <p>Transparent pixels are laid over white. Colour becomes grey by ITU-R BT.601, {@code 0.299 R + 0.587 G + 0.114
     * B}; grey becomes colour by three equal channels; 16 bits are cut to 8; CMYK is converted to RGB. A rotation in
     * EXIF is not applied.
     *
     * @param file a whole PNG or JPEG file
     * @param shape {@code [C, H, W]} with C 1 (grey) or 3 (red, green, blue)
     * @param pixelLimit the most pixels that the header may announce; checked before anything is decoded
     * @return values 0 to 255, row-major
     * @throws InputException if the file is not a PNG or JPEG, is damaged or cut short, or has too many pixels
     */
    public static float[] decode(byte[] file, Shape shape, long pixelLimit) {
        requireShape(shape);
        ImageHeader header = ImageHeader.of(file);
        if ((long) header.width() * header.height() > pixelLimit) {
            throw new InputException("expected an image of at most " + pixelLimit + " pixels, received one of "
                    + header.width() + " by " + header.height() + "; make it smaller");
        }
        BufferedImage image = read(file, header);
        if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
            throw new InputException("the " + header.format() + " image has two headers that do not agree");
        }
        return resize(image, shape);
    }

    /** As {@link #decode(byte[], Shape)}, rounded to whole numbers: what every dataset of pictures gives a network. */
    public static float[] example(byte[] file, Shape shape) {
        float[] pixels = decode(file, shape);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Math.round(pixels[i]);
        }
        return pixels;
    }

    /**
     * As the other, for a model's raw input, whose shape the picture gets.
     *
     * @throws InputException also if the model was trained on numbers that are no bytes: whether those were scaled nobody knows
     */
    public static float[] example(byte[] file, Field raw) {
        if (raw.meaning() instanceof Meaning.Stored stored && stored.type() != Meaning.Stored.Type.UINT8) {
            throw new InputException("expected numbers as \"" + raw.name() + "\" (the model was trained on "
                    + stored.type()
                    + "), received a picture, whose bytes are uint8; give an array of training's type and"
                    + " scale, or train on uint8");
        }
        return example(file, raw.shape());
    }

    /**
     * Encodes values as a PNG of 8 bits.
     *
     * @param values {@code [C, H, W]}, rounded, cut off below 0 and above 255
     * @param shape with C 1 (grey) or 3 (red, green, blue)
     */
    public static byte[] png(float[] values, Shape shape) {
        requireShape(shape);
        if (values.length != shape.elements()) {
            throw new InputException("expected " + shape.elements() + " values for the image shape " + shape
                    + ", received " + values.length);
        }
        int channels = (int) shape.size(0);
        int height = (int) shape.size(1);
        int width = (int) shape.size(2);
        BufferedImage image = new BufferedImage(
                width, height, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < height * width; i++) {
                int value = Math.round(Math.min(255, Math.max(0, values[c * height * width + i])));
                image.getRaster().setSample(i % width, i / width, c, value);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new FailureException("cannot encode a PNG: " + e, e);
        }
        return out.toByteArray();
    }

    /**
     * What pictures can be decoded to: {@code [C, H, W]} with C 1 (grey) or 3 (red, green, blue).
     *
     * @throws InputException otherwise, with the shape that was likely meant
     */
    public static void requireShape(Shape shape) {
        if (shape.rank() == 3 && (shape.size(0) == 1 || shape.size(0) == 3) && shape.elements() > 0) {
            return;
        }
        String advice = "";
        if (shape.rank() == 3 && (shape.size(2) == 1 || shape.size(2) == 3)) {
            advice = "; channels come first: write [" + shape.size(2) + ", " + shape.size(0) + ", " + shape.size(1)
                    + "]";
        } else if (shape.rank() == 2) {
            String size = shape.size(0) + ", " + shape.size(1) + "]";
            advice = "; write [3, " + size + " for colour or [1, " + size + " for grey";
        }
        throw new InputException(
                "expected an image shape [1, height, width] or [3, height, width], received " + shape + advice);
    }

    private static BufferedImage read(byte[] file, ImageHeader header) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(header.format());
        if (!readers.hasNext()) {
            throw new FailureException("this Java runtime has no reader for " + header.format());
        }
        ImageReader reader = readers.next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            return reader.read(0);
        } catch (IOException | RuntimeException e) {
            // Readers answer damaged data with whatever exception it leads to.
            throw new InputException(
                    "cannot decode the " + header.format() + " image" + words(e) + "; it is damaged", e);
        } finally {
            reader.dispose();
        }
    }

    /** What a reader says in a sentence: not what led to it by accident, as an index. */
    private static String words(Exception e) {
        String said = e instanceof IIOException ? String.valueOf(e.getMessage()) : "";
        return said.isBlank() || said.contains("Exception") ? "" : " (" + said + ")";
    }

    /** Rows first, each as it is taken from the picture, so that no float copy of the whole picture is made. */
    private static float[] resize(BufferedImage image, Shape shape) {
        int channels = (int) shape.size(0);
        int height = (int) shape.size(1);
        int width = (int) shape.size(2);
        PixelRows rows = new PixelRows(image, channels);
        Resize across = new Resize(image.getWidth(), width);
        Resize down = new Resize(image.getHeight(), height);
        float[] row = new float[channels * image.getWidth()];
        float[] narrow = new float[channels * image.getHeight() * width];
        for (int y = 0; y < image.getHeight(); y++) {
            rows.read(y, row);
            for (int c = 0; c < channels; c++) {
                across.line(row, c * image.getWidth(), 1, narrow, (c * image.getHeight() + y) * width, 1);
            }
        }
        float[] out = new float[channels * height * width];
        for (int c = 0; c < channels; c++) {
            for (int x = 0; x < width; x++) {
                down.line(narrow, c * image.getHeight() * width + x, width, out, c * height * width + x, width);
            }
        }
        return out;
    }
}
