package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.source.DataParts;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the data is: fields, splits, classes. */
final class PrepareReport {
    private PrepareReport() {}

    static void print(DataParts data, PrintWriter out) {
        describe(data, out);
        if (!data.report().isEmpty()) {
            out.println(data.report().stripTrailing());
        }
    }

    /** Without what was cleaned. */
    static void describe(DataParts data, PrintWriter out) {
        out.println("inputs      " + fields(data.train().inputs()));
        out.println("targets     " + fields(data.train().targets()));
        describe("train", data.train(), out);
        describe("validation", data.validation(), out);
        describe("test", data.test(), out);
    }

    private static void describe(String name, @Nullable Dataset part, PrintWriter out) {
        if (part instanceof ExampleStream) {
            out.println(String.format(Locale.ROOT, "%-11s a stream, whose examples are not counted", name));
        } else if (part != null) {
            out.println(String.format(Locale.ROOT, "%-11s %,d examples%s", name, part.size(), classes(part)));
        }
    }

    /** How often each class is there. */
    private static String classes(Dataset part) {
        Field target = part.targets().get(0);
        int classes = target.classes().size();
        if (classes == 0 || target.elements() != 1) {
            return "";
        }
        long[] counts = new long[classes];
        Row row = Row.single(part);
        int index = part.inputs().size();
        for (int i = 0; i < part.size(); i++) {
            part.read(i, row);
            counts[(int) row.longs(index)[0]]++;
        }
        return String.format(
                Locale.ROOT,
                ", %d classes of %,d to %,d",
                classes,
                Arrays.stream(counts).min().orElse(0),
                Arrays.stream(counts).max().orElse(0));
    }

    private static String fields(List<Field> fields) {
        return String.join(
                ", ", fields.stream().map(f -> f.name() + " " + f.shape()).toList());
    }
}
