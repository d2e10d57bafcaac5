package dev.jumbo.data.digits;

import java.util.ArrayList;
import java.util.List;

/**
 * The ways in which each digit is written, as paths in a box of 100 by 100 with y downwards: {@code M x y} lifts the pen
 * and sets it down, {@code L x y} draws a line, {@code C x1 y1 x2 y2 x y} a cubic Bezier curve (as in SVG).
 */
final class Glyphs {
    private static final List<List<Glyph>> STYLES = List.of(
            styles(
                    "M 50 0 C 22 0 15 25 15 50 C 15 78 25 100 50 100 C 75 100 85 78 85 50 C 85 22 75 0 50 0",
                    "M 62 2 C 30 -2 18 25 18 55 C 18 85 35 100 52 100 C 78 100 84 70 82 45 C 80 20 68 5 48 4",
                    "M 60 0 C 30 5 22 45 25 70 C 28 100 50 102 62 85 C 80 60 85 5 60 0"),
            styles(
                    "M 50 0 L 50 100",
                    "M 28 24 C 40 18 48 10 52 0 L 52 100",
                    "M 30 22 L 52 0 L 52 100 M 28 100 L 76 100"),
            styles(
                    "M 18 25 C 20 -5 80 -8 80 26 C 80 50 40 70 16 100 L 84 100",
                    "M 20 20 C 35 -8 82 -5 76 30 C 70 60 40 85 22 96 C 10 100 15 78 32 84 C 50 90 60 104 88 92",
                    "M 20 12 C 45 -6 78 2 74 28 C 70 52 40 75 18 98 C 40 94 60 94 86 98"),
            styles(
                    "M 20 12 C 40 -8 80 0 76 24 C 74 42 55 48 42 48 C 65 48 84 58 80 78 C 76 104 35 106 16 86",
                    "M 20 2 L 76 2 L 44 40 C 75 38 86 60 80 78 C 72 106 32 104 16 88",
                    "M 22 14 C 36 -6 78 -4 74 22 C 70 42 50 50 40 48 C 34 44 46 40 50 48 "
                            + "C 80 48 88 80 66 94 C 48 104 26 98 16 86"),
            styles(
                    "M 26 0 C 24 25 20 40 20 54 L 82 54 M 70 4 L 66 100",
                    "M 62 100 L 62 0 L 14 66 L 86 66",
                    "M 22 4 C 14 40 18 56 40 56 C 58 56 68 44 74 4 M 76 0 C 72 40 70 70 66 100"),
            styles(
                    "M 78 2 L 28 2 L 22 44 C 50 30 84 42 82 70 C 80 104 36 106 16 88",
                    "M 30 4 C 28 22 24 36 24 46 C 44 34 80 40 78 70 C 76 100 36 104 18 90 M 30 4 L 80 0",
                    "M 80 6 C 50 -4 26 6 26 26 C 26 50 78 44 78 74 C 78 104 34 104 18 90"),
            styles(
                    "M 70 4 C 30 14 16 50 20 74 C 24 104 78 106 80 74 C 80 46 32 44 22 72",
                    "M 60 0 C 36 30 20 56 22 78 C 26 106 74 104 76 78 C 76 54 40 50 26 74",
                    "M 74 10 C 52 -8 18 10 18 60 C 18 110 80 108 82 72 C 82 40 30 40 20 66"),
            styles(
                    "M 16 4 L 82 4 L 40 100",
                    "M 16 4 L 82 4 C 62 40 50 70 42 100 M 34 52 L 76 52",
                    "M 18 18 L 20 2 L 82 4 C 66 30 50 60 46 100",
                    "M 18 10 C 34 0 56 12 82 2 C 66 28 52 60 48 100"),
            styles(
                    "M 50 48 C 20 42 16 0 50 0 C 84 0 80 42 50 48 C 14 56 10 100 50 100 C 90 100 86 56 50 48",
                    "M 76 14 C 60 -8 20 0 24 22 C 28 46 80 50 78 78 C 74 106 22 106 22 78 C 22 54 74 40 76 14",
                    "M 50 0 C 74 0 74 44 50 44 C 26 44 26 0 50 0 M 50 44 C 88 44 86 100 50 100 C 14 100 12 44 50 44"),
            styles(
                    "M 78 28 C 74 -8 20 -6 20 28 C 20 58 72 58 78 26 C 80 50 76 80 64 100",
                    "M 76 26 C 70 -6 22 -6 20 26 C 20 54 66 58 76 26 L 72 100",
                    "M 76 22 C 62 -10 20 0 20 28 C 22 56 72 52 78 20 C 84 70 70 112 24 94"));

    private Glyphs() {}

    static List<Glyph> of(int digit) {
        return STYLES.get(digit);
    }

    private static List<Glyph> styles(String... paths) {
        List<Glyph> glyphs = new ArrayList<>();
        for (String path : paths) {
            glyphs.add(Glyph.parse(path));
        }
        return List.copyOf(glyphs);
    }
}
