package dev.jumbo.data.augment;

import dev.jumbo.data.boxes.PictureMap;
import dev.jumbo.tensor.Shape;

/** Moves by whole pixels, through a copy of one channel. One per thread. */
final class Pixels {
    private static final ThreadLocal<Pixels> MINE = ThreadLocal.withInitial(Pixels::new);

    private float[] copy = {};

    private Pixels() {}

    static Pixels mine() {
        return MINE.get();
    }

    /** Moves an image to the right and down (negative: left, up); fills with 0, or with its mirror image about the border pixels. */
    void move(float[] values, int offset, Shape image, int right, int down, boolean reflect) {
        int height = (int) image.size(1);
        int width = (int) image.size(2);
        int plane = height * width;
        if (copy.length < plane) {
            copy = new float[plane];
        }
        for (int c = 0; c < image.size(0); c++) {
            int from = offset + c * plane;
            System.arraycopy(values, from, copy, 0, plane);
            for (int y = 0; y < height; y++) {
                int row = reflect ? mirror(y - down, height) : y - down;
                for (int x = 0; x < width; x++) {
                    int column = reflect ? mirror(x - right, width) : x - right;
                    boolean inside = row >= 0 && row < height && column >= 0 && column < width;
                    values[from + y * width + x] = inside ? copy[row * width + column] : 0;
                }
            }
        }
    }

    /** Where its points went. */
    static PictureMap moved(Shape image, int right, int down) {
        return PictureMap.moved(image.size(2), image.size(1), right, down, image.size(2), image.size(1));
    }

    private static int mirror(int at, int size) {
        int positive = Math.abs(at);
        return positive < size ? positive : 2 * (size - 1) - positive;
    }
}
