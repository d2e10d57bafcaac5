package dev.jumbo.cli;

import dev.jumbo.config.YamlText;
import picocli.CommandLine.Command;

/** {@code jumbo schema}: what editors check and complete configurations with. */
@Command(name = "schema", description = "Print the JSON Schema of configuration files.")
final class Schema extends Verb {
    @Override
    void run() {
        out().print(YamlText.json(RunConfig.schema()));
    }
}
