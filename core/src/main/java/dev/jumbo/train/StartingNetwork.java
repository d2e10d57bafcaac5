package dev.jumbo.train;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.adapt.BaseNetwork;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.nn.adapt.NetworkDifferences;
import dev.jumbo.nn.adapt.NetworkDifferences.Difference;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Whether the weights of {@code init_from} are of the network that they are loaded into: they fit by their shapes into others as well. */
final class StartingNetwork {
    private StartingNetwork() {}

    /**
     * Where it is known what network the weights are of: those of a run, a checkpoint, or a directory with a description. Where names are mapped,
     * layers have no counterparts.
     *
     * @throws InputException if the networks compute something else, with all differences but those that are asked for
     */
    static void requireSame(TrainerBuilder.Setup setup, Specs in, FlatOrder order, LoadReport report) {
        TrainConfig config = setup.config();
        if (config.initFrom() == null || !config.initMap().isEmpty()) {
            return;
        }
        Optional<BaseNetwork> base = base(Path.of(config.initFrom()));
        if (base.isEmpty()) {
            return;
        }
        List<String> loaded = new ArrayList<>(report.loaded());
        order.tied().forEach((name, of) -> {
            if (report.loaded().contains(of)) {
                loaded.add(name);
            }
        });
        BaseNetwork model = new BaseNetwork(Changes.of(setup.model(), in).none(), in);
        List<Difference> differences = NetworkDifferences.of(base.get(), model, loaded, report.fresh()).stream()
                .filter(each -> !config.initDiffering().contains(each.key()))
                .toList();
        if (!differences.isEmpty()) {
            throw new InputException("init_from: expected the network that the weights of " + config.initFrom()
                    + " are of, received a model that computes something else with them: "
                    + differences.stream().map(Difference::toString).collect(Collectors.joining("; "))
                    + "; describe the model as the base is (model.name: from_config, or these keys), or name the keys in"
                    + " init_differing to begin another network with these weights");
        }
    }

    private static Optional<BaseNetwork> base(Path from) {
        if (new RunDirectory(from).hasCheckpoint() || Files.isRegularFile(from.resolve(Checkpoint.MANIFEST))) {
            Checkpoint checkpoint =
                    new RunDirectory(from).hasCheckpoint() ? Checkpoint.best(from) : Checkpoint.open(from);
            ModelFile file = checkpoint.description();
            return Optional.of(new BaseNetwork(file.model(), file.specs()));
        }
        Path directory = Files.isDirectory(from) ? from : from.toAbsolutePath().getParent();
        return directory == null
                ? Optional.empty()
                : ServiceLoader.load(BaseNetwork.Reader.class).stream()
                        .flatMap(reader -> reader.get().describe(directory).stream())
                        .findFirst();
    }
}
