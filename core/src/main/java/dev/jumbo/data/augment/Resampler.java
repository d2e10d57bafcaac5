package dev.jumbo.data.augment;

import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Moves the pixels of an image: each output pixel takes the value at a source coordinate, bilinear between the four
 * pixels around it, 0 outside.
 *
 * <p>The source is copied into a frame of zeros and coordinates are clamped to that frame, so that the inner loop has no
 * branches. One per thread; nothing is allocated once it has seen its largest image.
 */
final class Resampler {
    private static final ThreadLocal<Resampler> MINE = ThreadLocal.withInitial(Resampler::new);

    private final ElasticField elastic = new ElasticField();
    private float[] frame = {};
    private float[] u = {};
    private float[] v = {};

    private Resampler() {}

    static Resampler mine() {
        return MINE.get();
    }

    /** The elastic field of this thread, to be drawn before it is given to {@link #apply}. */
    ElasticField elastic() {
        return elastic;
    }

    /**
     * Resamples {@code [C, H, W]} in place.
     *
     * @param map from output to source coordinates
     * @param field is added to source coordinates; null for none
     */
    void apply(float[] values, int offset, Shape image, SourceMap map, @Nullable ElasticField field) {
        int channels = (int) image.size(0);
        int height = (int) image.size(1);
        int width = (int) image.size(2);
        // A row and a column of zeros before the image; two after it, for the neighbour of a coordinate on the first.
        int stride = width + 3;
        int plane = stride * (height + 3);
        frame(values, offset, channels, height, width);
        float maxU = width + 1;
        float maxV = height + 1;
        for (int y = 0; y < height; y++) {
            float fromU = (float) (map.x0() + map.xy() * y) + 1;
            float fromV = (float) (map.y0() + map.yy() * y) + 1;
            float stepU = (float) map.xx();
            float stepV = (float) map.yx();
            for (int x = 0; x < width; x++) {
                u[x] = fromU + stepU * x;
                v[x] = fromV + stepV * x;
            }
            if (field != null) {
                field.addRow(y, u, v);
            }
            for (int x = 0; x < width; x++) {
                u[x] = Math.min(maxU, Math.max(0, u[x]));
                v[x] = Math.min(maxV, Math.max(0, v[x]));
            }
            for (int c = 0; c < channels; c++) {
                sampleRow(c * plane, stride, values, offset + (c * height + y) * width, width);
            }
        }
    }

    private void sampleRow(int from, int stride, float[] out, int at, int width) {
        float[] source = frame;
        for (int x = 0; x < width; x++) {
            int column = (int) u[x];
            int row = (int) v[x];
            float right = u[x] - column;
            float down = v[x] - row;
            int i = from + row * stride + column;
            float above = source[i] + right * (source[i + 1] - source[i]);
            float below = source[i + stride] + right * (source[i + stride + 1] - source[i + stride]);
            out[at + x] = above + down * (below - above);
        }
    }

    /** Copies an image into its frame of zeros. */
    private void frame(float[] values, int offset, int channels, int height, int width) {
        int stride = width + 3;
        int plane = stride * (height + 3);
        if (frame.length < channels * plane) {
            frame = new float[channels * plane];
        }
        if (u.length < width) {
            u = new float[width];
            v = new float[width];
        }
        Arrays.fill(frame, 0, channels * plane, 0);
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(
                        values, offset + (c * height + y) * width, frame, c * plane + (y + 1) * stride + 1, width);
            }
        }
    }
}
