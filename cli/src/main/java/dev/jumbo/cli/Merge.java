package dev.jumbo.cli;

import dev.jumbo.nn.adapt.Full;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.adapt.AdapterRuns;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo merge}: an adapter becomes part of its base. */
@Command(
        name = "merge",
        description = "Merge the adapter of a run with its base: a run of its own, which needs the base no more.")
final class Merge extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The directory of a run that was trained with train.adapter.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The directory of the merged run, a new one.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path out;

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Override
    void run() {
        RunFolder folder = RunFolder.open(run, List.of());
        Checkpoint merged = AdapterRuns.merge(folder.checkpoint(checkpoint), out);
        RunConfig config = folder.config();
        Output.write(
                out.resolve("run.yaml"),
                config.with(Trainer.of(config.layer())
                                .config(config.train())
                                .adapter(new Full())
                                .config())
                        .yaml());
        out().println(merged.directory());
    }
}
