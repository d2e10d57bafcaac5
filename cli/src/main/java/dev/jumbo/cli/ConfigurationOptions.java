package dev.jumbo.cli;

import dev.jumbo.config.ConfigDocument;
import dev.jumbo.data.source.DataConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The configuration file of a verb, and values over it. */
final class ConfigurationOptions {
    @Parameters(index = "0", paramLabel = "FILE", description = "The configuration, in YAML.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A value over the file's, as in --set train.epochs=3. May be repeated.")
    private List<String> settings = new ArrayList<>();

    Path file() {
        return file;
    }

    List<String> settings() {
        return settings;
    }

    /** The same on another command line. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(file.toString()));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return arguments;
    }

    /** The name of a run without another: that of the file. */
    Path defaultOut() {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return Path.of("runs", dot > 0 ? name.substring(0, dot) : name);
    }

    ConfigDocument document() {
        return RunConfig.document(file, settings);
    }

    DataConfig readData() {
        return RunConfig.readData(file, settings);
    }

    RunConfig read(String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return RunConfig.read(file, all);
    }
}
