package dev.jumbo.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.SharedData;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Features against librosa, which computes them in double precision too. */
class SpectrogramTest {
    private static Spectrogram read(JsonNode options) {
        return (Spectrogram) Kinds.records()
                .read(
                        Transform.class,
                        "transform",
                        JsonNodeFactory.instance.objectNode().set("spectrogram", options));
    }

    private static Field samples(int rate, int longest) {
        return new Field("sound", Spec.of(Shape.of(longest), DType.FLOAT32).varying(0), new Meaning.Waveform(rate));
    }

    @TestFactory
    Stream<DynamicTest> features_are_librosas() {
        JsonNode all = JsonFixture.read("sound/sound").get("spectrograms");
        return all.properties().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    JsonNode of = e.getValue();
                    Spectrogram transform = read(of.get("options"));
                    float[] sound = JsonFixture.floats(of.get("samples"));
                    JsonNode expected = of.get("expected");
                    Field raw = samples(transform.sampleRate(), 10_000);
                    assertThat(transform.output(raw).shape().size(1))
                            .isEqualTo(expected.get(0).size());
                    UnaryTransform.Applied applied = transform.open(raw);
                    assertThat(applied.steps(sound)).isEqualTo(expected.size());
                    float[] received = (float[]) applied.apply(sound);
                    assertThat(received).hasSize(expected.size() * transform.width());
                    double largest = 0;
                    for (JsonNode frame : expected) {
                        for (JsonNode value : frame) {
                            largest = Math.max(largest, Math.abs(value.asDouble()));
                        }
                    }
                    int at = 0;
                    for (JsonNode frame : expected) {
                        for (JsonNode value : frame) {
                            double wanted = value.asDouble();
                            assertThat((double) received[at++])
                                    .isCloseTo(wanted, within(1e-6 * Math.abs(wanted) + 1e-7 * largest));
                        }
                    }
                }));
    }

    @Test
    void recorded_digits_have_the_features_that_librosa_computes() throws IOException {
        JsonNode fixture = JsonFixture.read("sound/digits");
        Spectrogram transform = read(fixture.get("options"));
        UnaryTransform.Applied applied = transform.open(transform.raw("sound"));
        try (ZipFile zip =
                new ZipFile(SharedData.require("fsdd/fsdd-5speakers.zip").toFile())) {
            for (Iterator<Map.Entry<String, JsonNode>> it = fixture.get("files").fields(); it.hasNext(); ) {
                Map.Entry<String, JsonNode> each = it.next();
                byte[] wav;
                try (InputStream in = zip.getInputStream(
                        Objects.requireNonNull(zip.getEntry("recordings/" + each.getKey() + ".wav")))) {
                    wav = in.readAllBytes();
                }
                float[] features = (float[]) applied.apply(wav);
                JsonNode expected = each.getValue();
                int frames = expected.get("frames").asInt();
                assertThat(features).hasSize(frames * 40);
                assertThat(applied.steps(wav)).isEqualTo(frames);
                double sum = 0;
                double squares = 0;
                for (float value : features) {
                    sum += value;
                    squares += (double) value * value;
                }
                assertThat(sum).isCloseTo(expected.get("sum").asDouble(), within(1e-6 * Math.abs(sum)));
                assertThat(squares).isCloseTo(expected.get("squares").asDouble(), within(1e-6 * squares));
                int[] at = {0, frames / 2, frames - 1};
                for (int i = 0; i < 3; i++) {
                    JsonNode frame =
                            expected.get(List.of("first", "middle", "last").get(i));
                    for (int m = 0; m < 40; m++) {
                        double wanted = frame.get(m).asDouble();
                        assertThat((double) features[at[i] * 40 + m]).isCloseTo(wanted, within(1e-4));
                    }
                }
            }
        }
    }

    private static Dataset sounds(Spectrogram transform, float[]... sounds) {
        Column.Ragged column = (Column.Ragged) RaggedDataset.column(samples(8000, 4000), sounds);
        long[] classes = new long[sounds.length];
        return Transformed.fitted(RawDataset.of(
                RaggedDataset.of(
                        List.of(column), List.of(ArrayDataset.column(Field.classId("label", List.of("a")), classes))),
                Map.of("sound", transform)));
    }

    private static float[] tone(int samples, double amplitude) {
        float[] tone = new float[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (float) (amplitude * Math.sin(0.3 * i + 1e-4 * i * i));
        }
        return tone;
    }

    @Test
    void sounds_of_other_lengths_beside_it_change_nothing_of_one_and_the_mask_says_which_frames_are_real() {
        Spectrogram transform = Spectrogram.logMel(8000, 128, 64, 12);
        float[][] all = {tone(700, 0.1), tone(2900, 0.9), tone(64, 0.5)};
        Loader loader = Loader.of(sounds(transform, all)).inOrder().batchSize(3).build();
        try (Scope scope = Scope.open()) {
            Batch batch = loader.first();
            Tensor mask = batch.tensors().require(Batch.MASK);
            Tensor padded = batch.tensors().main();
            assertThat(padded.shape()).isEqualTo(Shape.of(3, 1 + 2900 / 64, 12));
            for (int row = 0; row < 3; row++) {
                int frames = 1 + all[row].length / 64;
                long[] real = mask.select(0, row).to(DType.INT64).toLongs();
                for (int t = 0; t < real.length; t++) {
                    assertThat(real[t]).isEqualTo(t < frames ? 1 : 0);
                }
                Dataset alone = sounds(transform, all[row]);
                Row single = Row.single(alone);
                alone.read(0, single);
                float[] expected = Arrays.copyOf(single.floats(0), frames * 12);
                assertThat(padded.select(0, row).narrow(0, 0, frames).copy().toFloats())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void what_does_not_fit_is_told_with_what_to_do() {
        Spectrogram small = read(options("max_length", 10));
        assertThatThrownBy(() -> sounds(small, tone(3000, 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 0: sound: expected a sound of at most 10 frames, received 16")
                .hasMessageContaining("truncate: true");
        Spectrogram faster = read(options("sample_rate", 16000));
        assertThatThrownBy(() -> sounds(faster, tone(3000, 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected 16000 samples a second, received 8000")
                .hasMessageContaining("resample: true");
        assertThatThrownBy(() -> read(options("n_mels", 0))).hasMessageContaining("n_mels");
        assertThatThrownBy(() -> read(options("n_mels", 400)).open(samples(8000, 9)))
                .hasMessageContaining("fewer n_mels or a larger n_fft");
        assertThatThrownBy(() -> read(options("f_max", 9000))).hasMessageContaining("half the sample_rate");
        assertThatThrownBy(() -> Spectrogram.logMel(8000, 128, 64, 12).output(Field.text("sound")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("WAV files");
        assertThat(read(JsonNodeFactory.instance.objectNode())
                        .open(samples(16000, 9))
                        .steps(new float[16000]))
                .isEqualTo(81);
    }

    @Test
    void a_longer_sound_that_is_cut_has_the_first_frames() {
        float[] whole = (float[])
                read(options("max_length", 100)).open(samples(8000, 9)).apply(tone(3000, 1));
        JsonNode options = ((ObjectNode) options("max_length", 5)).put("truncate", true);
        float[] cut = (float[]) read(options).open(samples(8000, 9)).apply(tone(3000, 1));
        assertThat(cut).isEqualTo(Arrays.copyOf(whole, 5 * 20));
    }

    private static JsonNode options(String name, int value) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("sample_rate", 8000)
                .put("n_mels", 20)
                .put(name, value);
    }
}
