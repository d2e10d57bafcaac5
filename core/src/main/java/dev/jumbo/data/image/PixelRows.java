package dev.jumbo.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** The rows of a decoded picture as values 0 to 255 in one or three channels, over white where it is transparent. */
final class PixelRows {
    private final BufferedImage image;
    private final int channels;
    private final boolean grey;
    private final int[] samples;

    PixelRows(BufferedImage image, int channels) {
        this.image = image;
        this.channels = channels;
        // Java's getRGB brightens grey pictures, taking their values for linear light: their samples are read directly.
        grey = image.getColorModel().getNumColorComponents() == 1
                && !(image.getColorModel() instanceof IndexColorModel);
        samples = new int[grey ? image.getWidth() * image.getRaster().getNumBands() : image.getWidth()];
    }

    /** Writes row y: all values of the first channel, then those of the next. */
    void read(int y, float[] out) {
        if (grey) {
            greyRow(y, out);
        } else {
            colourRow(y, out);
        }
    }

    private void greyRow(int y, float[] out) {
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int bands = raster.getNumBands();
        raster.getPixels(0, y, width, 1, samples);
        float scale = 255f / ((1L << image.getColorModel().getComponentSize(0)) - 1);
        float alphaScale = bands > 1 ? 1f / ((1L << image.getColorModel().getComponentSize(1)) - 1) : 0;
        for (int x = 0; x < width; x++) {
            float alpha = bands > 1 ? samples[x * bands + 1] * alphaScale : 1;
            float value = over(samples[x * bands] * scale, alpha);
            for (int c = 0; c < channels; c++) {
                out[c * width + x] = value;
            }
        }
    }

    private void colourRow(int y, float[] out) {
        int width = image.getWidth();
        image.getRGB(0, y, width, 1, samples, 0, width);
        for (int x = 0; x < width; x++) {
            int argb = samples[x];
            float alpha = (argb >>> 24) / 255f;
            float red = over(argb >> 16 & 0xFF, alpha);
            float green = over(argb >> 8 & 0xFF, alpha);
            float blue = over(argb & 0xFF, alpha);
            if (channels == 1) {
                out[x] = 0.299f * red + 0.587f * green + 0.114f * blue;
            } else {
                out[x] = red;
                out[width + x] = green;
                out[2 * width + x] = blue;
            }
        }
    }

    private static float over(float value, float alpha) {
        return alpha == 1 ? value : alpha * value + (1 - alpha) * 255;
    }
}
