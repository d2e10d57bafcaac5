package dev.jumbo.train.report;

import dev.jumbo.error.InputException;
import dev.jumbo.train.metrics.ConfusionMatrix;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A confusion matrix as a picture: colour and percentage are shares of the right class, and counts stand in the cells. */
public final class ConfusionMatrixChart {
    private static final Color FULL = Charts.colour(0);
    private static final int GAP = 2;

    private final ConfusionMatrix matrix;
    private final List<String> names;
    private final int cell;

    private ConfusionMatrixChart(ConfusionMatrix matrix, List<String> names) {
        this.matrix = matrix;
        this.names = names;
        this.cell = Math.max(14, Math.min(96, 760 / Math.max(1, matrix.classes())));
    }

    /**
     * Writes the picture as PNG.
     *
     * @param names of all classes; empty for their numbers
     * @throws InputException if there are names, but not one for each class
     */
    public static void save(ConfusionMatrix matrix, List<String> names, Path file) {
        if (!names.isEmpty() && names.size() != matrix.classes()) {
            throw new InputException("expected a name for each of " + matrix.classes() + " classes, received "
                    + names.size() + " names");
        }
        List<String> shown = names.isEmpty()
                ? IntStream.range(0, matrix.classes())
                        .mapToObj(Integer::toString)
                        .toList()
                : names;
        Charts.save(new ConfusionMatrixChart(matrix, shown).draw(), file);
    }

    private BufferedImage draw() {
        Font labels = Charts.font(Font.PLAIN, Math.max(9, Math.min(14, cell - 4)));
        int longest = longest(labels);
        boolean upright = longest > cell - 6;
        int left = 56 + longest;
        int top = 82;
        int side = cell * matrix.classes();
        int below = (upright ? longest : 18) + 46;
        BufferedImage image =
                new BufferedImage(Math.max(left + side + 28, 420), top + side + below, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.setColor(Charts.INK);
        g.setFont(Charts.font(Font.BOLD, 17));
        g.drawString("Confusion matrix", 24, 34);
        g.setFont(Charts.font(Font.PLAIN, 13));
        g.drawString(
                String.format(
                        Locale.ROOT,
                        "accuracy %.2f %% of %s; shares are of the right class",
                        100 * matrix.accuracy(),
                        count(matrix.total(), 1)),
                24,
                56);
        for (int target = 0; target < matrix.classes(); target++) {
            for (int predicted = 0; predicted < matrix.classes(); predicted++) {
                cell(g, target, predicted, left + predicted * cell, top + target * cell);
            }
        }
        g.setColor(Charts.INK);
        g.setFont(labels);
        for (int c = 0; c < matrix.classes(); c++) {
            int middle = c * cell + cell / 2;
            int baseline = g.getFontMetrics().getAscent() / 2 - 1;
            int width = g.getFontMetrics().stringWidth(names.get(c));
            g.drawString(names.get(c), left - width - 8, top + middle + baseline);
            if (upright) {
                upwards(g, names.get(c), left + middle + baseline, top + side + 8 + width);
            } else {
                g.drawString(names.get(c), left + middle - width / 2, top + side + 20);
            }
        }
        g.setFont(Charts.font(Font.PLAIN, 14));
        centred(g, "predicted", left + side / 2, image.getHeight() - 16);
        upwards(g, "right", 28, top + side / 2 + g.getFontMetrics().stringWidth("right") / 2);
        g.dispose();
        return image;
    }

    private void cell(Graphics2D g, int target, int predicted, int x, int y) {
        double count = matrix.count(target, predicted);
        double share = matrix.support(target) == 0 ? 0 : count / matrix.support(target);
        g.setColor(shade(share));
        g.fillRect(x, y, cell - GAP, cell - GAP);
        if (count == 0 || cell < 30) {
            return;
        }
        g.setColor(share > 0.5 ? Color.WHITE : Charts.INK);
        int middle = x + (cell - GAP) / 2;
        if (cell < 52) {
            g.setFont(Charts.font(Font.PLAIN, 11));
            centred(g, count(count, 0), middle, y + cell / 2 + 3);
            return;
        }
        g.setFont(Charts.font(Font.BOLD, 15));
        centred(g, count(count, 1), middle, y + cell / 2 - 1);
        g.setFont(Charts.font(Font.PLAIN, 11));
        centred(g, String.format(Locale.ROOT, "%.1f %%", 100 * share), middle, y + cell / 2 + 15);
    }

    /** A number of examples, or the sum of their weights. */
    private static String count(double count, int digits) {
        return ConfusionMatrix.number(count) instanceof Long whole
                ? whole.toString()
                : String.format(Locale.ROOT, "%." + digits + "f", count);
    }

    /** From nearly white to the full colour; the root makes rare mistakes visible. */
    private static Color shade(double share) {
        double weight = Math.sqrt(share);
        return new Color(
                mix(246, FULL.getRed(), weight), mix(247, FULL.getGreen(), weight), mix(249, FULL.getBlue(), weight));
    }

    private static int mix(int from, int to, double weight) {
        return (int) Math.round(from + (to - from) * weight);
    }

    private static void centred(Graphics2D g, String text, int x, int baseline) {
        g.drawString(text, x - g.getFontMetrics().stringWidth(text) / 2, baseline);
    }

    private static void upwards(Graphics2D g, String text, int x, int y) {
        g.rotate(-Math.PI / 2, x, y);
        g.drawString(text, x, y);
        g.rotate(Math.PI / 2, x, y);
    }

    private int longest(Font font) {
        Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        int longest = names.stream()
                .mapToInt(name -> g.getFontMetrics(font).stringWidth(name))
                .max()
                .orElse(0);
        g.dispose();
        return longest;
    }
}
