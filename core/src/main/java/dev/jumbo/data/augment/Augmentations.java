package dev.jumbo.data.augment;

import dev.jumbo.data.Augmentation;
import dev.jumbo.data.BatchAugmentation;
import java.util.List;

/** Augmentations by name, to import statically. The records say what each does. */
public final class Augmentations {
    private Augmentations() {}

    /** Every augmentation of single examples that a configuration may name. */
    public static List<Class<? extends Augmentation>> kinds() {
        return List.of(
                Chain.class,
                Sometimes.class,
                Shift.class,
                Crop.class,
                Flip.class,
                Rotation.class,
                Affine.class,
                Elastic.class,
                Noise.class,
                ColorJitter.class,
                Cutout.class,
                RandAugment.class);
    }

    /** Every mix of the examples of a batch that a configuration may name. */
    public static List<Class<? extends BatchAugmentation>> mixingKinds() {
        return List.of(Mixup.class, CutMix.class);
    }

    /** One after the other. */
    public static Augmentation of(Augmentation... steps) {
        return new Chain(List.of(steps));
    }

    public static Sometimes sometimes(double probability, Augmentation augmentation) {
        return new Sometimes(probability, augmentation);
    }

    public static Shift shift(int pixels) {
        return new Shift(pixels);
    }

    public static Crop crop(int padding) {
        return new Crop(padding, false);
    }

    public static Flip flip() {
        return new Flip(0.5, 0);
    }

    public static Rotation rotation(double degrees) {
        return new Rotation(degrees);
    }

    /** Without an elastic part. */
    public static Affine affine(double rotation, double scale, double shear, double shift) {
        return new Affine(rotation, scale, shear, shift, 0, Affine.SIGMA);
    }

    public static Elastic elastic(double alpha, double sigma) {
        return new Elastic(alpha, sigma);
    }

    public static Noise noise(double stddev) {
        return new Noise(stddev);
    }

    public static ColorJitter colorJitter(double brightness, double contrast) {
        return new ColorJitter(brightness, contrast);
    }

    public static Cutout cutout(int size) {
        return new Cutout(size);
    }

    public static RandAugment randAugment(int operations, double magnitude) {
        return new RandAugment(operations, magnitude);
    }

    public static Mixup mixup(double alpha) {
        return new Mixup(alpha, 1);
    }

    public static CutMix cutMix(double alpha) {
        return new CutMix(alpha, 1);
    }
}
