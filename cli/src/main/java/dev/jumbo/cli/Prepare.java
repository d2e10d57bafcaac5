package dev.jumbo.cli;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.source.DataParts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jumbo prepare}: reads and cleans the data, and says what is there and what was changed. */
@Command(name = "prepare", description = "Read and clean the data, and report what is there and what was changed.")
final class Prepare extends Verb {
    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Override
    void run() {
        report(configuration.read().data().load());
    }

    private void report(DataParts data) {
        out().println("inputs      " + fields(data.train().inputs()));
        out().println("targets     " + fields(data.train().targets()));
        describe("train", data.train());
        describe("validation", data.validation());
        describe("test", data.test());
    }

    private void describe(String name, @Nullable Dataset part) {
        if (part != null) {
            out().println(String.format(Locale.ROOT, "%-11s %,d examples%s", name, part.size(), classes(part)));
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
