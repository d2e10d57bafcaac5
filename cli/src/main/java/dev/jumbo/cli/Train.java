package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.split.Fold;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.error.StoppedException;
import dev.jumbo.train.LearningRateTest;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.RunDirectory;
import dev.jumbo.train.report.CrossValidation;
import dev.jumbo.train.report.LearningRateChart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Train on N processes of this machine together; those of several machines are started by a"
                    + " launcher, see docs/distributed.md.")
    private @Nullable Integer workers;

    @Option(
            names = "--folds",
            paramLabel = "K",
            description = "Cross-validation: train K models, each measured on the fold that it does not see, in"
                    + " DIR/fold-1 ..., and print mean and interval.")
    private @Nullable Integer folds;

    @Option(
            names = "--find-lr",
            description =
                    "Train nothing; raise the learning rate over some steps and say which is a good one to start from.")
    private boolean findLearningRate;

    @Override
    void run() {
        if (findLearningRate) {
            findLearningRate();
            return;
        }
        RunConfig config = seed == null ? configuration.read() : configuration.read("train.seed=" + seed);
        if (workers != null) {
            Worker.requirePossible(workers, config);
        }
        Path directory = out == null ? configuration.defaultOut() : out;
        RunFolder run = RunFolder.create(directory, config, resume);
        Optional<Worker> worker =
                Worker.fromEnvironment(System.getenv(), spec.commandLine().getErr());
        if (folds != null) {
            if (workers != null || !worker.map(Worker::isAlone).orElse(true)) {
                throw new InputException("--folds: expected one process, received several workers; leave --workers out,"
                        + " or train single folds by --set train.fold.index=I --set train.fold.of=K");
            }
            trainFolds(run, folds);
            return;
        }
        if (workers == null) {
            trainHere(run, worker);
        } else if (worker.map(Worker::isAlone).orElse(true)) {
            new LocalWorkers(this, directory, arguments(directory)).train(workers, config.train());
        } else {
            throw new InputException("expected either --workers or a launcher, received both: the environment says"
                    + " that a launcher has started this process as a worker; leave --workers out");
        }
    }

    /** The learning rate range test; its figures and chart are the only thing that is written. */
    private void findLearningRate() {
        if (workers != null) {
            throw new InputException("--find-lr is a test on one process: expected no --workers, received " + workers);
        }
        RunConfig config = seed == null ? configuration.read() : configuration.read("train.seed=" + seed);
        Path directory = out == null ? configuration.defaultOut() : out;
        LearningRateTest test = Stages.findLearningRate(RunFolder.create(directory, config, true));
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("suggestion", test.suggestion());
        ArrayNode points = result.putArray("points");
        test.points()
                .forEach(point -> points.addObject()
                        .put("learning_rate", point.learningRate())
                        .put("loss", point.loss())
                        .put("smoothed", point.smoothed()));
        Output.write(directory.resolve("learning_rate_test.json"), result + "\n");
        LearningRateChart.save(test, directory.resolve("learning_rate_test.png"));
        if (json) {
            print(result);
        } else {
            out().println(String.format(
                    Locale.ROOT,
                    "suggested learning rate: %.2e (--set train.learning_rate=%.2e)",
                    test.suggestion(),
                    test.suggestion()));
            say("the curve is in " + directory.resolve("learning_rate_test.png") + "; no model was kept");
        }
    }

    private void trainHere(RunFolder run, Optional<Worker> worker) {
        try (World world = worker.map(each -> each.join(run.config().train())).orElseGet(World::single)) {
            try {
                DataParts loaded = Worker.load(world, run.config(), run.directory());
                RunFolder resolved = run.resolved(loaded);
                DataParts data = resolved.divided(loaded);
                if (world.isFirst()) {
                    resolved.warnOf(data);
                }
                Worker.preflight(world, resolved.config(), data.train(), run.directory());
                Checkpoint best = Stages.train(
                        resolved, data, resume, world, spec.commandLine().getErr());
                if (world.isFirst()) {
                    report(best, run.directory());
                }
            } catch (StoppedException e) {
                throw e; // As all others do.
            } catch (RuntimeException | Error e) { // Else they would wait for this one.
                world.fail(String.valueOf(e.getMessage()), Failures.wouldHappenAgain(e));
                throw e;
            }
        }
    }

    private void trainFolds(RunFolder run, int k) {
        DataParts loaded = run.config().load(run.directory());
        List<Map<String, Double>> figures = new ArrayList<>();
        for (int i = 1; i <= k || i == 1; i++) {
            RunFolder each = run.resolved(loaded).of(new Fold(i, k));
            RunFolder fold = RunFolder.create(each.directory(), each.config(), resume);
            DataParts data = fold.divided(loaded);
            fold.warnOf(data);
            say("fold " + i + " of " + k);
            Stages.train(fold, data, resume, World.single(), spec.commandLine().getErr());
            figures.add(Stages.evaluate(fold, RunFolder.Choice.BEST, EvaluateConfig.MeasuredOn.TEST, data, 0)
                    .figures());
        }
        CrossValidation result = new CrossValidation(figures);
        Output.write(
                run.directory().resolve("cross_validation.json"), result.json().toPrettyString() + "\n");
        if (json) {
            print(result.json());
        } else {
            out().print(result.text());
            out().flush();
            say("the folds and cross_validation.json are in " + run.directory());
        }
    }

    /** Of the command of each worker. */
    private List<String> arguments(Path directory) {
        List<String> arguments = LocalWorkers.arguments(configuration, directory);
        if (seed != null) {
            arguments.addAll(List.of("--seed", seed.toString()));
        }
        if (json) {
            arguments.add("--json");
        }
        if (isVerbose()) {
            arguments.add("--verbose");
        }
        return arguments;
    }

    private void report(Checkpoint best, Path directory) {
        if (json) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            result.put("checkpoint", best.directory().toString());
            result.put("step", best.trainer().step());
            best.trainer().metrics().forEach(result::put);
            print(result);
        } else {
            out().println((new RunDirectory(directory).hasBest() ? "best" : "last") + " checkpoint: "
                    + best.directory());
            say("learning curves are in " + directory);
        }
    }
}
