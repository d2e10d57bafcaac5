package dev.jumbo.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jumbo prepare}: reads and cleans the data, and says what is there and what was changed. */
@Command(name = "prepare", description = "Read and clean the data, and report what is there and what was changed.")
final class Prepare extends Verb {
    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Override
    void run() {
        PrepareReport.print(configuration.read().data().load(), out());
    }
}
