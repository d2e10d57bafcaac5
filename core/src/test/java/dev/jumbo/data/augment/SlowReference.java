package dev.jumbo.data.augment;

/** Bilinear sampling as its definition says, in doubles, with a check of every neighbour: what the fast code must agree with. */
final class SlowReference {
    private SlowReference() {}

    /** The value of one channel at a coordinate, 0 outside. */
    static double sample(float[] channel, int height, int width, double x, double y) {
        double sum = 0;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double weight = Math.max(0, 1 - Math.abs(x - column)) * Math.max(0, 1 - Math.abs(y - row));
                sum += weight * channel[row * width + column];
            }
        }
        return sum;
    }

    /** Moves output pixels back through {@code out = R s K (in - c) + c + t}, solved as a linear system for each pixel. */
    static float[] affine(
            float[] channel, int height, int width, double rotation, double scale, double shear, double tx, double ty) {
        double cos = Math.cos(Math.toRadians(rotation));
        double sin = Math.sin(Math.toRadians(rotation));
        double k = Math.tan(Math.toRadians(shear));
        // R s K, column by column: the images of (1, 0) and (0, 1).
        double a = scale * cos;
        double b = scale * (k * cos - sin);
        double c = scale * sin;
        double d = scale * (k * sin + cos);
        double det = a * d - b * c;
        double centreX = (width - 1) / 2.0;
        double centreY = (height - 1) / 2.0;
        float[] out = new float[height * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double px = x - centreX - tx;
                double py = y - centreY - ty;
                double sx = (d * px - b * py) / det + centreX;
                double sy = (a * py - c * px) / det + centreY;
                out[y * width + x] = (float) sample(channel, height, width, sx, sy);
            }
        }
        return out;
    }
}
