package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jumbo train}: from a configuration to a run with checkpoints. */
@Command(name = "train", description = "Train a model and save its checkpoints.")
final class Train extends Verb {
    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the run; runs/NAME of the file if not given.")
    private @Nullable Path out;

    @Option(names = "--seed", paramLabel = "N", description = "The same as --set train.seed=N.")
    private @Nullable Long seed;

    @Option(names = "--resume", description = "Go on from the newest checkpoint of the directory, if there is one.")
    private boolean resume;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    void run() {
        RunConfig config = seed == null ? configuration.read() : configuration.read("train.seed=" + seed);
        Path directory = out == null ? configuration.defaultOut() : out;
        RunFolder run = RunFolder.create(directory, config, resume);
        Checkpoint best = Stages.train(
                run, config.data().load(directory), resume, spec.commandLine().getErr());
        report(best, directory);
    }

    private void report(Checkpoint best, Path directory) {
        if (json) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            result.put("checkpoint", best.directory().toString());
            result.put("step", best.trainer().step());
            best.trainer().metrics().forEach(result::put);
            print(result);
        } else {
            out().println("best checkpoint: " + best.directory());
            say("learning curves are in " + directory);
        }
    }
}
