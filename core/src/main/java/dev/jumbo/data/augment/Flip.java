package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/** Mirrors an image: left to right, top to bottom, or both. Not for digits and letters. */
@Kind("flip")
public record Flip(
        @Doc("Probability of left to right.") @Default("0.5")
        double horizontal,

        @Doc("Probability of top to bottom.") @Default("0") double vertical)
        implements Augmentation {
    public Flip {
        Check.range("flip: horizontal", horizontal, 0, 1);
        Check.range("flip: vertical", vertical, 0, 1);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        follow(values, offset, image, random);
    }

    @Override
    public PictureMap follow(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("flip", image);
        boolean leftToRight = random.nextDouble() < horizontal;
        boolean topToBottom = random.nextDouble() < vertical;
        int height = (int) image.size(1);
        int width = (int) image.size(2);
        for (int c = 0; c < image.size(0); c++) {
            int plane = offset + c * height * width;
            if (leftToRight) {
                for (int y = 0; y < height; y++) {
                    int row = plane + y * width;
                    for (int x = 0; x < width / 2; x++) {
                        swap(values, row + x, row + width - 1 - x);
                    }
                }
            }
            if (topToBottom) {
                for (int y = 0; y < height / 2; y++) {
                    for (int x = 0; x < width; x++) {
                        swap(values, plane + y * width + x, plane + (height - 1 - y) * width + x);
                    }
                }
            }
        }
        return PictureMap.mirrored(width, height, leftToRight, topToBottom);
    }

    private static void swap(float[] values, int i, int j) {
        float kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}
