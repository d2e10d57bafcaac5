package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.image.Images;
import dev.jumbo.data.shards.TarManifest;
import dev.jumbo.data.shards.TarShardWriter;
import dev.jumbo.data.shards.TokenFormat;
import dev.jumbo.data.shards.TokenSetWriter;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that names shards trains from them. */
class ShardsTest {
    @TempDir
    Path dir;

    @Test
    void a_language_model_trains_from_token_shards() throws IOException {
        TokenFormat format = TokenFormat.of("bytes", "0".repeat(64), 257, 256, 0);
        for (String part : List.of("train", "validation")) {
            try (TokenSetWriter set =
                    TokenSetWriter.create(dir.resolve("tokens").resolve(part), format)) {
                for (int i = 0; i < 60; i++) {
                    set.add("the same words again and again, ".repeat(3).chars().toArray());
                }
                set.finish();
            }
        }

        Command train = train("""
                data:
                  dir: DIR/tokens
                  dataset: {token_shards: {context: 16}}
                model:
                  layers:
                    - embedding: {input_dim: 257, output_dim: 16}
                    - positional_embedding: 16
                    - transformer_block: {heads: 2, units: 32, causal: true}
                    - dense: 257
                train:
                  loss: {cross_entropy: {class_axis: -1}}
                  metrics: [perplexity]
                  optimizer: {adam: {learning_rate: 0.01}}
                  epochs: 2
                """);

        assertThat(train.err()).doesNotContain("jumbo:");
        assertThat(train.status()).isZero();
        assertThat(Files.readString(dir.resolve("run/metrics.jsonl"))).contains("val_perplexity");
    }

    @Test
    void a_classifier_trains_from_tar_shards() throws IOException {
        Shape shape = Shape.of(1, 4, 4);
        try (TarShardWriter shard = TarShardWriter.create(dir.resolve("images"), 0)) {
            for (int i = 0; i < 40; i++) {
                float[] pixels = new float[16];
                Arrays.fill(pixels, i % 2 == 0 ? 200 + i : i);
                shard.add("image-" + i, Map.of("png", Images.png(pixels, shape), "cls", new byte[] {(byte) ('0' + i % 2)
                }));
            }
            TarManifest.publish(dir.resolve("images"), List.of("bright", "dark"), 0, List.of(shard.finish()));
        }

        Command train = train("""
                data:
                  dir: DIR/images
                  dataset: {tar_shards: {shape: [1, 4, 4]}}
                model:
                  layers: [flatten, dense: 2]
                train: {epochs: 3, validation_split: 0.2}
                """);

        assertThat(train.err()).doesNotContain("jumbo:");
        assertThat(train.status()).isZero();
        assertThat(Files.readString(dir.resolve("run/metrics.jsonl"))).contains("val_accuracy");
    }

    private Command train(String yaml) throws IOException {
        Path file = dir.resolve("run.yaml");
        Files.writeString(file, yaml.replace("DIR", dir.toString()));
        return Command.run("train", file.toString(), "--out", dir.resolve("run").toString());
    }
}
