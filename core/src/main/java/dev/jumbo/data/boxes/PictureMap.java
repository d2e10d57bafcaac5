package dev.jumbo.data.boxes;

import dev.jumbo.error.InputException;

/**
 * Where the points of a picture went: {@code x' = scaleX x + shiftX} and {@code y' = scaleY y + shiftY}, in pixels from the left and upper
 * edge, so that a picture of width W reaches from 0 to W; a mirrored one has a scale below 0. What lies outside of the window is not on
 * the picture any more. Boxes go by it as torchvision's {@code transforms.v2} has them go, cut to the window as by its
 * {@code ClampBoundingBoxes}.
 *
 * @param left of the window, which is what can be seen of the picture before
 * @param top likewise
 * @param right not below the left
 * @param bottom not below the top
 */
public record PictureMap(
        double scaleX,
        double shiftX,
        double scaleY,
        double shiftY,
        double left,
        double top,
        double right,
        double bottom) {
    /** Numbers of a box: left, top, right, bottom. */
    public static final int VALUES = 4;

    /** A picture that stays as it is. */
    public static PictureMap none(double width, double height) {
        return new PictureMap(1, 0, 1, 0, 0, 0, width, height);
    }

    /** A picture that is resized. */
    public static PictureMap resized(double width, double height, double toWidth, double toHeight) {
        return new PictureMap(toWidth / width, 0, toHeight / height, 0, 0, 0, toWidth, toHeight);
    }

    /**
     * A picture that is moved on another one, or cut out of: its own upper left corner comes to stand there.
     *
     * @param width of the picture before, which may reach over the edges of the one it is on
     * @param toWidth of that one
     */
    public static PictureMap moved(
            double width, double height, double right, double down, double toWidth, double toHeight) {
        return new PictureMap(
                1,
                right,
                1,
                down,
                Math.min(toWidth, Math.max(0, right)),
                Math.min(toHeight, Math.max(0, down)),
                Math.max(0, Math.min(toWidth, right + width)),
                Math.max(0, Math.min(toHeight, down + height)));
    }

    /** A picture that is mirrored. @param leftToRight along x @param topToBottom along y */
    public static PictureMap mirrored(double width, double height, boolean leftToRight, boolean topToBottom) {
        return new PictureMap(
                leftToRight ? -1 : 1,
                leftToRight ? width : 0,
                topToBottom ? -1 : 1,
                topToBottom ? height : 0,
                0,
                0,
                width,
                height);
    }

    /** This, and then another. */
    public PictureMap then(PictureMap next) {
        double x1 = next.x(left);
        double x2 = next.x(right);
        double y1 = next.y(top);
        double y2 = next.y(bottom);
        return new PictureMap(
                scaleX * next.scaleX,
                next.x(shiftX),
                scaleY * next.scaleY,
                next.y(shiftY),
                clamp(Math.min(x1, x2), next.left, next.right),
                clamp(Math.min(y1, y2), next.top, next.bottom),
                clamp(Math.max(x1, x2), next.left, next.right),
                clamp(Math.max(y1, y2), next.top, next.bottom));
    }

    private double x(double x) {
        return scaleX * x + shiftX;
    }

    private double y(double y) {
        return scaleY * y + shiftY;
    }

    private static double clamp(double value, double least, double most) {
        return Math.min(most, Math.max(least, value));
    }

    /**
     * Takes boxes along, in place. A box of which nothing can be seen any more is empty, with the right at the left or the bottom at the top:
     * it keeps its place beside the other values of its example, such as its label.
     *
     * @param values left, top, right and bottom of each
     * @param offset where the first begins
     * @param boxes how many
     * @throws InputException if a value is not finite, or a right or bottom is below its left or top
     */
    public void apply(float[] values, int offset, int boxes) {
        for (int box = 0; box < boxes; box++) {
            int at = offset + box * VALUES;
            float l = values[at];
            float t = values[at + 1];
            float r = values[at + 2];
            float b = values[at + 3];
            if (!(l <= r && t <= b) || Float.isInfinite(l + t + r + b)) {
                throw new InputException(
                        "expected boxes of left, top, right and bottom, with left up to right and top up"
                                + " to bottom, received [" + l + ", " + t + ", " + r + ", " + b + "]");
            }
            values[at] = (float) clamp(Math.min(x(l), x(r)), left, right);
            values[at + 1] = (float) clamp(Math.min(y(t), y(b)), top, bottom);
            values[at + 2] = (float) clamp(Math.max(x(l), x(r)), left, right);
            values[at + 3] = (float) clamp(Math.max(y(t), y(b)), top, bottom);
        }
    }

    /** The way back, onto the picture before: for boxes that a model found. @param width of the picture before */
    public PictureMap back(double width, double height) {
        return new PictureMap(1 / scaleX, -shiftX / scaleX, 1 / scaleY, -shiftY / scaleY, 0, 0, width, height);
    }
}
