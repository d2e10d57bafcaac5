package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jumbo run} to its last stage, where a server answers an example of each kind of data. */
class RunStagesTest {
    @TempDir
    private Path dir;

    private void reachesTheEnd(String yaml, String call) throws Exception {
        Path file = Files.writeString(dir.resolve("run.yaml"), yaml.replace("DIR", dir.toString()));
        Command run =
                Command.run("run", file.toString(), "--out", dir.resolve("out").toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains(call + " (", "served      {");
    }

    private void lines(String name, int count, IntFunction<String> line) throws Exception {
        Files.writeString(
                dir.resolve(name),
                IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void records_of_two_texts_are_asked_as_a_row() throws Exception {
        lines(
                "a.jsonl",
                24,
                i -> "{\"one\": \"up x\", \"two\": \"down " + "y ".repeat(i % 3) + "\", \"t\": \""
                        + (i % 2 == 0 ? "a" : "b") + "\"}");
        reachesTheEnd("""
                data:
                  dataset:
                    records:
                      train: {json_lines: DIR/a.jsonl}
                      test: {json_lines: DIR/a.jsonl}
                      inputs: {two: {tokenize: {vocabulary: 9}}, one: {tokenize: {vocabulary: 9}}}
                      target: t
                model:
                  layers:
                    - graph:
                        inputs: [two, one]
                        nodes:
                          - {name: a, layer: {sequential: [{embedding: {input_dim: 9, output_dim: 3}}, {gru: 3}]}, inputs: [two]}
                          - {name: b, layer: {sequential: [{embedding: {input_dim: 9, output_dim: 3}}, {gru: 3}]}, inputs: [one]}
                          - {name: all, layer: concatenate, inputs: [a, b]}
                          - {name: said, layer: {dense: 2}, inputs: [all]}
                        outputs: [said]
                train: {epochs: 1, batch_size: 8, seed: 1}
                """, "/predict");
    }

    @Test
    void arrays_of_several_inputs_are_asked_by_an_infer_request() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        float[] a = new float[24 * 3];
        float[] b = new float[24 * 2];
        long[] k = new long[24];
        long[] y = new long[24];
        for (int i = 0; i < 24; i++) {
            a[3 * i] = (float) random.nextDouble();
            b[2 * i] = (float) random.nextDouble();
            k[i] = i % 5;
            y[i] = i % 2;
        }
        new Npz()
                .with("a", a, 24, 3)
                .with("b", b, 24, 2)
                .with("k", k, 24)
                .with("y", y, 24)
                .write(dir.resolve("t.npz"));
        reachesTheEnd("""
                data: {dir: DIR, dataset: {arrays: {train: t.npz, test: t.npz, inputs: [b, a, k], targets: [y], classes: {y: [low, high]}}}}
                model:
                  layers:
                    - graph:
                        inputs: [b, a, k]
                        nodes:
                          - {name: e, layer: {embedding: {input_dim: 5, output_dim: 2}}, inputs: [k]}
                          - {name: all, layer: concatenate, inputs: [b, a, e]}
                          - {name: said, layer: {dense: 2}, inputs: [all]}
                        outputs: [said]
                train: {epochs: 1, batch_size: 8, seed: 1}
                """, "/infer");
    }

    @Test
    void sequences_of_ids_are_asked_as_a_list() throws Exception {
        lines("s.jsonl", 24, i -> "{\"ids\": [" + (i % 4) + ", 3, 1], \"t\": \"" + (i % 2 == 0 ? "a" : "b") + "\"}");
        reachesTheEnd("""
                data: {dataset: {sequences: {train: {json_lines: DIR/s.jsonl}, test: {json_lines: DIR/s.jsonl}, input: ids, vocabulary: 9, target: t, max_length: 8}}}
                model: {layers: [{embedding: {input_dim: 9, output_dim: 3}}, {gru: 3}, {dense: 2}]}
                train: {epochs: 1, batch_size: 8, seed: 1}
                """, "/predict");
    }

    @Test
    void a_row_of_a_table_and_a_picture_are_asked_as_they_were() throws Exception {
        reachesTheEnd("""
                data: {dataset: {digits: {train: 32, test: 8}}}
                model: {layers: [flatten, {dense: 10}]}
                train: {epochs: 1, batch_size: 8, seed: 1}
                """, "/predict");
        lines(
                "t.csv",
                25,
                i -> i == 0 ? "u,c,t" : i + ".5," + (i % 3 == 0 ? "x" : "z") + "," + (i % 2 == 0 ? "a" : "b"));
        Files.delete(dir.resolve("run.yaml"));
        Path file = Files.writeString(dir.resolve("table.yaml"), """
                data: {dataset: {table: {train: {csv: {path: DIR/t.csv}}, test: {csv: {path: DIR/t.csv}}, target: t}}}
                model: {layers: [{dense: 2}]}
                train: {epochs: 1, batch_size: 8, seed: 1}
                """.replace("DIR", dir.toString()));
        Command run = Command.run(
                "run", file.toString(), "--out", dir.resolve("table").toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("served      {");
    }
}
