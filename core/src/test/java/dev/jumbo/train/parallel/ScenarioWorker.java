package dev.jumbo.train.parallel;

import dev.jumbo.Workers;
import dev.jumbo.dist.World;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One of several processes that go through scenarios together. Arguments: a directory for the runs and traces, that of MNIST
 * or an empty one, then {@code SCENARIO} or {@code SCENARIO:STEP} to break off after a step.
 */
final class ScenarioWorker {
    private ScenarioWorker() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        try (World world = Workers.join()) {
            for (int i = 2; i < arguments.length; i++) {
                String[] parts = arguments[i].split(":", -1);
                int interruptAt = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
                Scenario.valueOf(parts[0])
                        .run(world, directory.resolve(parts[0]), Path.of(arguments[1]), interruptAt)
                        .write(directory.resolve(parts[0] + "-of-" + world.size() + "-rank-" + world.rank()));
            }
        }
    }
}
