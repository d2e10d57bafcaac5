package dev.jumbo.data.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WAV files against soundfile (libsndfile), and damaged ones. */
class WavTest {
    private static byte[] file(String name) throws IOException {
        try (InputStream in = WavTest.class.getResourceAsStream("/fixtures/sound/" + name + ".wav")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"u8", "i16", "i24", "i32", "f32", "f64", "stereo", "extensible"})
    void samples_are_those_that_soundfile_reads(String name) throws IOException {
        JsonNode expected = JsonFixture.read("sound/sound").get("wavs").get(name);
        Wav wav = Wav.read(file(name));
        JsonNode samples = expected.get("samples");
        assertThat(wav.sampleRate()).isEqualTo(expected.get("rate").asInt());
        assertThat(wav.length()).isEqualTo(samples.size());
        assertThat(wav.channels()).isEqualTo(samples.get(0).size());
        double[] first = wav.samples(Channels.FIRST);
        double[] mixed = wav.samples(Channels.MIX);
        for (int i = 0; i < first.length; i++) {
            double[] of = JsonFixture.doubles(samples.get(i));
            assertThat(first[i]).isEqualTo(of[0]);
            assertThat(mixed[i]).isCloseTo(Arrays.stream(of).average().orElseThrow(), within(1e-15));
        }
    }

    @Test
    void several_channels_are_not_mixed_unasked() throws IOException {
        Wav wav = Wav.read(file("stereo"));
        assertThatThrownBy(() -> wav.samples(Channels.MONO))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 2; channels: mix");
    }

    @Test
    void what_stands_behind_the_sound_does_not_matter_unless_it_is_more_sound() throws IOException {
        byte[] good = file("i16");
        byte[] part = Arrays.copyOfRange(good, 36, good.length); // its part of data
        byte[] twice = Arrays.copyOf(good, good.length + part.length);
        System.arraycopy(part, 0, twice, good.length, part.length);
        refused(twice, "expected in the WAV file one part \"data\" with the sound, received several");
        byte[] title = Arrays.copyOf(good, good.length + 8);
        System.arraycopy("LIST".getBytes(StandardCharsets.US_ASCII), 0, title, good.length, 4);
        title[good.length + 4] = 100; // bytes that are not there
        assertThat(Wav.read(title).samples(Channels.FIRST))
                .isEqualTo(Wav.read(good).samples(Channels.FIRST));
    }

    private static void refused(byte[] file, String message) {
        assertThatThrownBy(() -> Wav.read(file).samples(Channels.MIX))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    private static byte[] with(byte[] file, int at, int value, int bytes) {
        byte[] changed = file.clone();
        ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes == 2) {
            buffer.putShort(at, (short) value);
        } else {
            buffer.putInt(at, value);
        }
        return changed;
    }

    @Test
    void files_that_are_damaged_or_lie_are_refused_with_what_is_wrong() throws IOException {
        byte[] good = file("i16");
        refused(new byte[0], "received an empty one");
        refused("ID3\u0004 an mp3 file".getBytes(StandardCharsets.ISO_8859_1), "begin with \"ID3?\"");
        refused(Arrays.copyOf(good, 12), "a part \"data\" with the sound, received none");
        refused(Arrays.copyOf(good, 30), "cut off");
        refused(Arrays.copyOf(good, good.length - 1), "as its header says");
        refused(with(good, 40, -1, 4), "a part \"data\" of 4294967295 bytes");
        refused(with(good, 40, 119, 4), "119 bytes of sound");
        refused(with(good, 40, 0, 4), "0 bytes of sound");
        refused(with(good, 24, 0, 4), "a rate of 0");
        refused(with(good, 22, 0, 2), "0 channels");
        refused(with(good, 22, 65535, 2), "65535 channels");
        refused(with(good, 32, 7, 2), "7 bytes for a sample");
        refused(with(good, 20, 85, 2), "format 85 of 16 bits; ffmpeg");
        refused(with(good, 34, 12, 2), "of 12 bits");
        refused(with(good, 16, 4, 4), "");
        refused(
                with(file("f32"), file("f32").length - 4, Float.floatToRawIntBits(Float.NaN), 4),
                "received NaN at sample 59");
    }

    @Test
    void any_bytes_are_a_sound_or_a_clear_error() throws IOException {
        Random random = new Random(3);
        for (String name : new String[] {"i16", "extensible", "f32"}) {
            byte[] good = file(name);
            for (int i = 0; i < 3000; i++) {
                byte[] changed = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
                for (int k = 0; changed.length > 0 && k < 3; k++) {
                    changed[random.nextInt(Math.min(changed.length, 80))] = (byte) random.nextInt();
                }
                try {
                    assertThat(Wav.read(changed).samples(Channels.MIX)).isNotEmpty();
                } catch (InputException e) {
                    assertThat(e).hasMessageStartingWith("expected");
                }
            }
        }
    }
}
