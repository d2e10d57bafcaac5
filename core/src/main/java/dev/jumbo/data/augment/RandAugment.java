package dev.jumbo.data.augment;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.tensor.Shape;
import java.util.SplittableRandom;

/**
 * A few operations drawn from a list, all with one magnitude (Cubuk, Zoph, Shlens, Le, <i>RandAugment</i>, 2019).
 *
 * <p>The list, with its strength at magnitude 10 as in the paper's code: identity; rotation by 30 degrees; shear along x
 * or y by 0.3; translation along x or y by 10/32 of the side; brightness and contrast by a factor of 1 -+ 0.9;
 * posterize to 4 bits; solarize from 0; autocontrast. Signs are drawn. Left out: equalize, sharpness and colour.
 */
@Kind("rand_augment")
public record RandAugment(
        @Doc("Operations an image.") @Default("2") int operations,
        @Doc("Strength, 0 to 10.") @Default("9") double magnitude)
        implements Augmentation {
    private static final int LIST = 11;

    public RandAugment {
        Check.range("rand_augment: operations", operations, 0, 100);
        Check.range("rand_augment: magnitude", magnitude, 0, 10);
    }

    @Override
    public void apply(float[] values, int offset, Shape image, SplittableRandom random) {
        Check.image("rand_augment", image);
        for (int i = 0; i < operations; i++) {
            int operation = random.nextInt(LIST);
            double level = random.nextBoolean() ? magnitude / 10 : -magnitude / 10;
            if (operation < 6) {
                move(operation, level, values, offset, image);
            } else {
                recolour(operation, level, values, offset, image);
            }
        }
    }

    private static void move(int operation, double level, float[] values, int offset, Shape image) {
        if (operation == 0) {
            return; // the identity is one of the list
        }
        SourceMap map = switch (operation) {
            case 1 -> SourceMap.of(image, 30 * level, 1, 0, 0, 0);
            case 2 -> SourceMap.shear(image, 0.3 * level, 0);
            case 3 -> SourceMap.shear(image, 0, 0.3 * level);
            case 4 -> SourceMap.of(image, 0, 1, 0, 10.0 / 32 * level * image.size(2), 0);
            default -> SourceMap.of(image, 0, 1, 0, 0, 10.0 / 32 * level * image.size(1));
        };
        Resampler.mine().apply(values, offset, image, map, null);
    }

    private static void recolour(int operation, double level, float[] values, int offset, Shape image) {
        int count = (int) image.elements();
        int plane = (int) (image.size(1) * image.size(2));
        switch (operation) {
            case 6 -> Tone.brightness(values, offset, count, (float) (1 + 0.9 * level));
            case 7 -> Tone.contrast(values, offset, count, (float) (1 + 0.9 * level));
            case 8 -> Tone.posterize(values, offset, count, 8 - (int) Math.round(4 * Math.abs(level)));
            case 9 -> Tone.solarize(values, offset, count, (float) (256 * (1 - Math.abs(level))));
            default -> {
                for (int c = 0; c < image.size(0); c++) {
                    Tone.autoContrast(values, offset + c * plane, plane);
                }
            }
        }
    }
}
