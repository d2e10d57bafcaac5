package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentTrainingTest {
    @TempDir
    Path runs;

    private String train(String run, long seed) {
        return Trainer.of(Sequential.of(dense(16, RELU), dropout(0.5), dense(16, RELU), dropout(0.2), dense(2)))
                .optimizer(Optimizers.adam(1e-2))
                .epochs(4)
                .batchSize(32)
                .seed(seed)
                .saveTo(runs.resolve(run))
                .build()
                .fit(Moons.of(400, 1))
                .manifest()
                .sha256("model.safetensors");
    }

    @Test
    void trainings_side_by_side_in_one_process_end_as_each_would_alone() throws Exception {
        List<String> alone = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            alone.add(train("alone" + seed, seed));
        }
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<String> together = new ArrayList<>();
        try {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int seed = i;
                all.add(pool.submit(() -> train("together" + seed, seed)));
            }
            for (Future<String> each : all) {
                together.add(each.get());
            }
        } finally {
            pool.shutdown();
        }
        assertThat(together).isEqualTo(alone).doesNotHaveDuplicates();
    }
}
