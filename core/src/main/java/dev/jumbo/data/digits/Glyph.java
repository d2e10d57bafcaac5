package dev.jumbo.data.digits;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to write a digit.
 *
 * @param strokes the pen goes down at the start of each and up at its end
 */
record Glyph(List<Stroke> strokes) {
    /** Pieces into which a curve is cut; at 28 pixels more cannot be seen. */
    private static final int PIECES = 8;

    /**
     * Cubic Bezier curves end to end; a line is a curve whose controls lie on it, so that a hand can bend it.
     *
     * @param controls x and y in turn, 0 to 1: the start, then two controls and an end for each curve
     */
    @SuppressWarnings("ArrayRecordComponent") // Private to the package and never changed.
    record Stroke(float[] controls) {
        int curves() {
            return (controls.length / 2 - 1) / 3;
        }

        /** Points of the polyline that {@link #flatten} gives. */
        int points() {
            return curves() * PIECES + 1;
        }

        /** Writes the polyline through the curves of some (moved) controls of this stroke: x and y in turn. */
        void flatten(float[] moved, float[] points) {
            points[0] = moved[0];
            points[1] = moved[1];
            int out = 2;
            for (int curve = 0; curve < curves(); curve++) {
                int at = curve * 6;
                for (int piece = 1; piece <= PIECES; piece++) {
                    float t = (float) piece / PIECES;
                    float s = 1 - t;
                    float a = s * s * s;
                    float b = 3 * s * s * t;
                    float c = 3 * s * t * t;
                    float d = t * t * t;
                    for (int axis = 0; axis < 2; axis++) {
                        points[out++] = a * moved[at + axis]
                                + b * moved[at + 2 + axis]
                                + c * moved[at + 4 + axis]
                                + d * moved[at + 6 + axis];
                    }
                }
            }
        }
    }

    /** Reads a path in the notation of {@link Glyphs}. */
    static Glyph parse(String path) {
        List<Stroke> strokes = new ArrayList<>();
        List<Float> controls = new ArrayList<>();
        String[] words = path.split(" ");
        int at = 0;
        while (at < words.length) {
            String command = words[at++];
            if (command.equals("M") && !controls.isEmpty()) {
                strokes.add(stroke(controls));
                controls.clear();
            }
            int numbers = command.equals("C") ? 6 : 2;
            float[] values = new float[numbers];
            for (int i = 0; i < numbers; i++) {
                values[i] = Float.parseFloat(words[at++]) / 100;
            }
            if (command.equals("L")) {
                float fromX = controls.get(controls.size() - 2);
                float fromY = controls.get(controls.size() - 1);
                for (int third = 1; third <= 2; third++) {
                    controls.add(fromX + (values[0] - fromX) * third / 3);
                    controls.add(fromY + (values[1] - fromY) * third / 3);
                }
            }
            for (float value : values) {
                controls.add(value);
            }
        }
        strokes.add(stroke(controls));
        return new Glyph(List.copyOf(strokes));
    }

    private static Stroke stroke(List<Float> controls) {
        float[] values = new float[controls.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = controls.get(i);
        }
        return new Stroke(values);
    }
}
