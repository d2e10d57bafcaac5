package dev.jumbo.data.augment;

import dev.jumbo.tensor.Shape;

/**
 * Where output pixel {@code (x, y)} of an affine map comes from: {@code (xx x + xy y + x0, yx x + yy y + y0)}.
 * Coordinates are pixel centres; y points down.
 */
record SourceMap(double xx, double xy, double x0, double yx, double yy, double y0) {
    /**
     * The inverse of {@code p -> R(rotation) S(scale) K(shear) (p - centre) + centre + shift}.
     *
     * @param rotation degrees, clockwise as seen, since y points down
     * @param scale 2 doubles the size
     * @param shear degrees: K moves a point at height y by {@code tan(shear) y} along x
     * @param shiftX pixels to the right
     * @param shiftY pixels down
     */
    static SourceMap of(Shape image, double rotation, double scale, double shear, double shiftX, double shiftY) {
        double cos = Math.cos(Math.toRadians(rotation));
        double sin = Math.sin(Math.toRadians(rotation));
        double slant = Math.tan(Math.toRadians(shear));
        // The inverse: K(-shear) R(-rotation) / scale.
        double xx = (cos + slant * sin) / scale;
        double xy = (sin - slant * cos) / scale;
        double yx = -sin / scale;
        double yy = cos / scale;
        double centreX = (image.size(2) - 1) / 2.0;
        double centreY = (image.size(1) - 1) / 2.0;
        double fromX = -centreX - shiftX;
        double fromY = -centreY - shiftY;
        return new SourceMap(xx, xy, xx * fromX + xy * fromY + centreX, yx, yy, yx * fromX + yy * fromY + centreY);
    }

    /** Shears along both axes with the centre fixed: a point at (x, y) moves by {@code (alongX y, alongY x)} or nearly so. */
    static SourceMap shear(Shape image, double alongX, double alongY) {
        double centreX = (image.size(2) - 1) / 2.0;
        double centreY = (image.size(1) - 1) / 2.0;
        return new SourceMap(1, -alongX, alongX * centreY, -alongY, 1, alongY * centreX);
    }

    static SourceMap identity() {
        return new SourceMap(1, 0, 0, 0, 1, 0);
    }
}
