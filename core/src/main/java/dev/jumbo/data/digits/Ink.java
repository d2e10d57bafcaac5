package dev.jumbo.data.digits;

import java.util.Arrays;

/** Grey paper on which round pens draw anti-aliased lines. Pixel {@code (x, y)} has its centre at that coordinate. */
final class Ink {
    private final int width;
    private final int height;
    private final float[] values;
    private final float[] before;

    Ink(int width, int height) {
        this.width = width;
        this.height = height;
        values = new float[width * height];
        before = new float[width * height];
    }

    void clear() {
        Arrays.fill(values, 0);
    }

    /**
     * Draws lines from point to point. A pixel at distance d from a line gets {@code radius + 1/2 - d} of the ink, from 0
     * to 1: what a disc covers of it, nearly.
     *
     * @param points x and y in turn
     */
    void polyline(float[] points, int count, float radius) {
        for (int i = 0; i + 1 < count; i++) {
            line(points[2 * i], points[2 * i + 1], points[2 * i + 2], points[2 * i + 3], radius + 0.5f);
        }
    }

    private void line(float x0, float y0, float x1, float y1, float reach) {
        float dx = x1 - x0;
        float dy = y1 - y0;
        float squared = dx * dx + dy * dy;
        float perLength = squared > 0 ? 1 / squared : 0;
        int left = Math.max(0, (int) Math.ceil(Math.min(x0, x1) - reach));
        int right = Math.min(width - 1, (int) Math.floor(Math.max(x0, x1) + reach));
        int top = Math.max(0, (int) Math.ceil(Math.min(y0, y1) - reach));
        int bottom = Math.min(height - 1, (int) Math.floor(Math.max(y0, y1) + reach));
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                float t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) * perLength));
                float ex = x0 + t * dx - x;
                float ey = y0 + t * dy - y;
                float distance = ex * ex + ey * ey;
                if (distance < reach * reach) {
                    int at = y * width + x;
                    values[at] = Math.max(values[at], Math.min(1, reach - (float) Math.sqrt(distance)));
                }
            }
        }
    }

    /** Mixes each inner pixel with the mean of its four neighbours, which gets the given share. */
    void blur(float share) {
        System.arraycopy(values, 0, before, 0, values.length);
        for (int y = 1; y < height - 1; y++) {
            for (int x = 1; x < width - 1; x++) {
                int at = y * width + x;
                float around = before[at - 1] + before[at + 1] + before[at - width] + before[at + width];
                values[at] = (1 - share) * before[at] + share / 4 * around;
            }
        }
    }

    /** Writes unsigned bytes: 0 for paper, {@code 255 * darkness} for full ink. */
    void write(float darkness, byte[] pixels, int offset) {
        for (int i = 0; i < values.length; i++) {
            pixels[offset + i] = (byte) Math.round(255 * darkness * values[i]);
        }
    }
}
