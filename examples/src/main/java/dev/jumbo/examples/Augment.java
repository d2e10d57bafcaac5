package dev.jumbo.examples;

import static dev.jumbo.data.augment.Augmentations.affine;
import static dev.jumbo.data.augment.Augmentations.crop;
import static dev.jumbo.data.augment.Augmentations.cutout;
import static dev.jumbo.data.augment.Augmentations.elastic;
import static dev.jumbo.data.augment.Augmentations.noise;
import static dev.jumbo.data.augment.Augmentations.randAugment;
import static dev.jumbo.data.augment.Augmentations.rotation;
import static dev.jumbo.data.augment.Augmentations.shift;

import dev.jumbo.data.Augmentation;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A contact sheet of what augmentation does: a row for each kind, a column for each image. Look at it before training.
 *
 * <p>Usage: {@code Augment [FILE.png]}
 */
public final class Augment {
    private static final int COLUMNS = 16;
    private static final int TILE = Digits.SIZE + 4;
    private static final List<Augmentation> ROWS = List.of(
            Augmentations.of(),
            shift(3),
            crop(4),
            rotation(15),
            affine(10, 0.1, 5, 2),
            elastic(34, 4),
            noise(20),
            cutout(8),
            randAugment(2, 9));

    private Augment() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args.length > 0 ? args[0] : "augment.png");
        Dataset digits = Digits.draw(COLUMNS, 0, 42).train();
        Shape image = digits.inputs().get(0).shape();
        BufferedImage sheet = new BufferedImage(COLUMNS * TILE, ROWS.size() * TILE, BufferedImage.TYPE_BYTE_GRAY);
        Row example = Row.single(digits);
        for (int r = 0; r < ROWS.size(); r++) {
            for (int c = 0; c < COLUMNS; c++) {
                digits.read(c, example);
                ROWS.get(r)
                        .apply(
                                example.floats(0),
                                0,
                                image,
                                RandomState.of(42).derive(c).generator());
                draw(example.floats(0), sheet, c * TILE, r * TILE);
            }
        }
        ImageIO.write(sheet, "png", file.toFile());
        ROWS.forEach(System.out::println);
        System.out.println("one row each in " + file);
    }

    private static void draw(float[] pixels, BufferedImage sheet, int left, int top) {
        for (int y = 0; y < Digits.SIZE; y++) {
            for (int x = 0; x < Digits.SIZE; x++) {
                float value = Math.max(0, Math.min(255, pixels[y * Digits.SIZE + x]));
                sheet.getRaster().setSample(left + x, top + y, 0, Math.round(value));
            }
        }
    }
}
