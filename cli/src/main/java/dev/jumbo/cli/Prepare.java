package dev.jumbo.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jumbo prepare}: reads and cleans the data, and says what is there and what was changed. */
@Command(name = "prepare", description = "Read and clean the data, and report what is there and what was changed.")
final class Prepare extends Verb {
    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory for records that cannot be read; runs/NAME of the file if not given.")
    private @Nullable Path out;

    @Override
    void run() {
        Path directory = out == null ? configuration.defaultOut() : out;
        PrepareReport.print(configuration.read().data().load(directory), out());
    }
}
