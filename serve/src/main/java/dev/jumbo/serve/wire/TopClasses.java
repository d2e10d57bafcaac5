package dev.jumbo.serve.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The classification extension: the largest values of each example, as {@code VALUE:INDEX:CLASS}. Of equal values the first is first. */
final class TopClasses {
    private TopClasses() {}

    /** How many are sent of each example. */
    static int count(InferAnswer.Output output, int rows) {
        return Math.min(output.classes(), output.values().length / rows);
    }

    static List<String> of(InferAnswer.Output output, int rows) {
        int width = output.values().length / rows;
        int count = count(output, rows);
        List<String> names = output.field().classes();
        List<String> texts = new ArrayList<>(rows * count);
        for (int row = 0; row < rows; row++) {
            float[] values = Arrays.copyOfRange(output.values(), row * width, (row + 1) * width);
            int[] order = IntStream.range(0, width)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -values[i]))
                    .limit(count)
                    .mapToInt(i -> i)
                    .toArray();
            for (int index : order) {
                String name = names.size() == width ? ":" + names.get(index) : "";
                texts.add(values[index] + ":" + index + name);
            }
        }
        return texts;
    }
}
