package dev.jumbo.data.digits;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes digits as a hand does, each a little differently: trembling control points, a smooth (elastic) distortion,
 * then rotation, scale, slant and shift; pens of several widths.
 *
 * <p>The distortions move points of the strokes, not pixels: nothing is resampled, lines stay sharp, and an image costs
 * some ten microseconds. Not for several threads at once.
 */
final class Hand {
    /** Height of an undistorted digit in pixels, as in MNIST. */
    private static final float HEIGHT = 20;

    private static final float CENTRE = (Digits.SIZE - 1) / 2f;
    /** Standard deviations and ranges: chosen so that a linear model errs on one digit in ten or so, a small CNN on one in a hundred. */
    private static final float TREMBLE = 0.035f;

    private static final float WAVE = 0.05f;
    private static final double ROTATION = Math.toRadians(18);
    private static final float SLANT = 0.3f;
    private static final float SHIFT = 2.5f;
    private static final int WAVES = 4;

    private final Ink ink = new Ink(Digits.SIZE, Digits.SIZE);
    private final float[] controls = new float[256];
    private final float[] points = new float[1024];
    private final double[] waves = new double[WAVES * 4];

    /** Writes a digit into unsigned bytes, row by row. */
    void write(int digit, SplittableRandom random, byte[] pixels, int offset) {
        List<Glyph> styles = Glyphs.of(digit);
        Glyph glyph = styles.get(random.nextInt(styles.size()));
        drawWaves(random);
        double angle = random.nextDouble(-ROTATION, ROTATION);
        float slant = uniform(random, -SLANT, SLANT);
        float scaleX = HEIGHT * uniform(random, 0.65f, 1.15f);
        float scaleY = HEIGHT * uniform(random, 0.75f, 1.1f);
        float shiftX = CENTRE + uniform(random, -SHIFT, SHIFT);
        float shiftY = CENTRE + uniform(random, -SHIFT, SHIFT);
        // Rotation * slant * scale, as one matrix [xx xy; yx yy].
        float cos = (float) StrictMath.cos(angle);
        float sin = (float) StrictMath.sin(angle);
        float xx = cos * scaleX;
        float xy = (-sin - cos * slant) * scaleY;
        float yx = sin * scaleX;
        float yy = (cos - sin * slant) * scaleY;

        ink.clear();
        float radius = uniform(random, 0.7f, 1.7f);
        for (Glyph.Stroke stroke : glyph.strokes()) {
            tremble(stroke, random);
            stroke.flatten(controls, points);
            for (int i = 0; i < 2 * stroke.points(); i += 2) {
                float x = points[i] - 0.5f;
                float y = points[i + 1] - 0.5f;
                float bentX = x + wave(0, x, y);
                float bentY = y + wave(WAVES / 2, x, y);
                points[i] = xx * bentX + xy * bentY + shiftX;
                points[i + 1] = yx * bentX + yy * bentY + shiftY;
            }
            ink.polyline(points, stroke.points(), radius);
        }
        ink.blur(uniform(random, 0, 0.5f));
        ink.write(uniform(random, 0.75f, 1), pixels, offset);
    }

    /** Moves the control points of a stroke by the sum of two uniform numbers: nearly normal, but never far. */
    private void tremble(Glyph.Stroke stroke, SplittableRandom random) {
        float[] given = stroke.controls();
        for (int i = 0; i < given.length; i++) {
            controls[i] = given[i] + TREMBLE * (uniform(random, -1.2f, 1.2f) + uniform(random, -1.2f, 1.2f));
        }
    }

    /** Each wave: frequency along x and y in radians a box, phase, amplitude in boxes. Half bend x, half bend y. */
    private void drawWaves(SplittableRandom random) {
        for (int i = 0; i < waves.length; i += 4) {
            waves[i] = random.nextDouble(-6, 6);
            waves[i + 1] = random.nextDouble(-6, 6);
            waves[i + 2] = random.nextDouble(0, 2 * Math.PI);
            waves[i + 3] = random.nextDouble(0, WAVE);
        }
    }

    /** StrictMath, here and above, for the same images on every machine. */
    private float wave(int first, float x, float y) {
        double sum = 0;
        for (int i = first * 4; i < (first + WAVES / 2) * 4; i += 4) {
            sum += waves[i + 3] * StrictMath.sin(waves[i] * x + waves[i + 1] * y + waves[i + 2]);
        }
        return (float) sum;
    }

    private static float uniform(SplittableRandom random, float from, float to) {
        return from + (to - from) * (random.nextInt() >>> 8) * 0x1p-24f;
    }
}
