package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WAV files, from YAML: what validation measures, {@code evaluate}, {@code predict} and the server say is computed by one transform. */
class SoundAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    @Test
    void validation_evaluate_predict_and_the_server_say_the_same_of_wav_files() throws Exception {
        sounds("train", 90, 1);
        List<String> rows = sounds("test", 20, 2);
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dir: %1$s
                  dataset:
                    records:
                      train: {csv: {path: %1$s/train.csv}}
                      validation: {csv: {path: %1$s/test.csv}}
                      test: {csv: {path: %1$s/test.csv}}
                      inputs: {sound: {spectrogram: {sample_rate: 8000, n_fft: 64, n_mels: 8, max_length: 60}}}
                      target: label
                  normalization: z_score
                model: {layers: [{gru: 8}, {dense: 2}]}
                train: {epochs: 4, batch_size: 8, learning_rate: 0.02, seed: 1}
                """.formatted(dir));
        String run = dir.resolve("run").toString();
        Command train = Command.run("train", yaml.toString(), "--out", run);
        assertThat(train.status()).as(train.err()).isZero();
        Command evaluate = Command.run("evaluate", run, "--split", "test", "--json");
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        double evaluated = JSON.readTree(evaluate.out()).path("loss").asDouble();
        assertThat(Checkpoint.best(Path.of(run)).trainer().metrics().get("val_loss"))
                .isCloseTo(evaluated, within(1e-6));

        List<String> ask = new ArrayList<>(List.of("predict", run, "--json"));
        rows.forEach(row -> ask.add(dir.resolve(row.split(",", 2)[0]).toString()));
        Command predict = Command.run(ask.toArray(String[]::new));
        assertThat(predict.status()).as(predict.err()).isZero();
        List<String> answers = predict.out().lines().toList();
        assertThat(answers).hasSameSizeAs(rows);
        double loss = 0;
        for (int i = 0; i < answers.size(); i++) {
            String label = rows.get(i).split(",", 2)[1];
            JsonNode answer = JSON.readTree(answers.get(i));
            double right = answer.path("probabilities").path(label).asDouble();
            loss -= Math.log(right) / answers.size();
            byte[] wav = Files.readAllBytes(dir.resolve(rows.get(i).split(",", 2)[0]));
            if (i < 3) {
                String json = "{\"sound\": \"" + Base64.getEncoder().encodeToString(wav) + "\"}";
                for (JsonNode served : List.of(
                        send(run, "audio/wav", wav),
                        send(run, "application/octet-stream", wav),
                        send(run, "application/json", json.getBytes(StandardCharsets.UTF_8)))) {
                    assertThat(served.path("probabilities").path(label).asDouble())
                            .as(served.toString())
                            .isCloseTo(right, within(1e-6));
                }
            }
        }
        assertThat(loss).isCloseTo(evaluated, within(1e-5));

        Path folder = dir.resolve("some");
        Files.createDirectories(folder.resolve("deep"));
        Files.copy(dir.resolve("test-0.wav"), folder.resolve("deep/a.sound"));
        Files.copy(dir.resolve("test-1.wav"), folder.resolve("b.wav"));
        Files.writeString(folder.resolve("notes.txt"), "no sound");
        Command all = Command.run("predict", run, "--json", folder.toString());
        assertThat(all.status()).as(all.err()).isZero();
        List<String> ofFolder = all.out().lines().toList();
        assertThat(ofFolder).hasSize(2);
        for (int i = 0; i < 2; i++) {
            // In the order of their paths: b.wav, deep/a.sound.
            assertThat(JSON.readTree(ofFolder.get(i)).path("probabilities"))
                    .isEqualTo(JSON.readTree(answers.get(1 - i)).path("probabilities"));
        }
        Files.delete(folder.resolve("b.wav"));
        Files.delete(folder.resolve("deep/a.sound"));
        Command nothing = Command.run("predict", run, folder.toString());
        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.err()).contains("expected WAV files in the folder, found none among: notes.txt");

        Path broken =
                Files.write(dir.resolve("broken.wav"), new byte[] {'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'A', 'V', 'E'});
        Command refused = Command.run("predict", run, broken.toString());
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err()).contains("expected in the WAV file").doesNotContain("\tat ");
    }

    private JsonNode send(String run, String type, byte[] body) throws Exception {
        try (Predictor predictor = Predictor.of(Checkpoint.best(Path.of(run)));
                ModelServer server =
                        ModelServer.start(ServerConfig.local(0), Token.NONE, Serve.served("m", predictor))) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.uri().resolve("v2/models/m/predict"))
                                    .header("Content-Type", type)
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        }
    }

    /** Tones that rise or fall, of 200 to 1500 samples. @return rows of the table: the file and its class */
    private List<String> sounds(String name, int count, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean up = random.nextBoolean();
            int samples = 200 + random.nextInt(1300);
            ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
            wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
            wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
            wav.putShort((short) 1)
                    .putShort((short) 1)
                    .putInt(8000)
                    .putInt(16000)
                    .putShort((short) 2)
                    .putShort((short) 16);
            wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
            for (int t = 0; t < samples; t++) {
                double at = (double) t / samples;
                double cycles = samples * (up ? 0.02 + 0.1 * at : 0.22 - 0.1 * at) * at;
                wav.putShort((short) (8000 * Math.sin(2 * Math.PI * cycles) + 500 * random.nextDouble()));
            }
            String file = name + "-" + i + ".wav";
            Files.write(dir.resolve(file), wav.array());
            rows.add(file + "," + (up ? "up" : "down"));
        }
        List<String> csv = new ArrayList<>(List.of("sound,label"));
        csv.addAll(rows);
        Files.write(dir.resolve(name + ".csv"), csv);
        return rows;
    }
}
