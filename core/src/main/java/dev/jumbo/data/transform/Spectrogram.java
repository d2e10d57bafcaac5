package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.sound.Channels;
import dev.jumbo.data.sound.Edge;
import dev.jumbo.data.sound.MelScale;
import dev.jumbo.data.sound.Window;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import org.jspecify.annotations.Nullable;

/**
 * Sound to features of its frames, {@code [T, F]} with a T of its own for each example: powers of frequencies, mel filters, their logarithms, or cepstral
 * coefficients. Options have torchaudio's names and defaults, but for the filters, which are librosa's (slaney). Each sound is transformed alone, before anything is padded, so no frame hears another
 * example or padding.
 *
 * <p>It reads WAV files ({@link dev.jumbo.data.sound.Wav}), or samples as a ragged field of {@link Meaning.Waveform}. Computed in double precision; equal
 * to librosa's and torchaudio's to 1e-5.
 *
 * @param sampleRate of what is transformed
 * @param winLength {@code n_fft} where null
 * @param hopLength half the window where null
 * @param fMax half the sample rate where null
 * @param floor the least value whose logarithm is taken ({@code amin})
 * @param maxLength the most frames
 */
@Kind("spectrogram")
@Doc("The content of a WAV file, or samples, to features of its frames: log-mel and others.")
public record Spectrogram(
        @Doc("Samples a second.") @Default("16000") int sampleRate,

        @Doc("Whether sound of another rate is brought to this one; if not, it is an error.") @Default("false")
        boolean resample,

        @Doc("What becomes of several channels: mono refuses them, mix takes their mean, first the first.")
        @Default("mono")
        Channels channels,

        @Doc("What is made: power, mel, log_mel or mfcc.") @Default("log_mel")
        Features features,

        @Doc("Samples of a frame.") @Default("400") int nFft,

        @Doc("Samples of the window; by default n_fft.") @Default("null") @Nullable
        Integer winLength,

        @Doc("Samples from a frame to the next; by default half the window.") @Default("null") @Nullable
        Integer hopLength,

        @Doc("The window: hann, hamming or rectangular.") @Default("hann")
        Window window,

        @Doc("Whether the first frame has its middle at the first sample.") @Default("true")
        boolean center,

        @Doc("What is outside, with center: reflect or constant.") @Default("reflect")
        Edge padMode,

        @Doc("Exponent of the magnitudes: 1 or 2.") @Default("2.0")
        double power,

        @Doc("Mel filters.") @Default("80") int nMels,

        @Doc("Lowest frequency of the filters, in Hz.") @Default("0.0")
        double fMin,

        @Doc("Highest one; by default half of sample_rate.") @Default("null") @Nullable
        Double fMax,

        @Doc("Scale of the filters: htk or slaney.") @Default("slaney")
        MelScale melScale,

        @Doc("Whether filters have one height (none) or one area (slaney).") @Default("slaney")
        Norm norm,

        @Doc("The logarithm: db (20 / power times log10), ln or log10.") @Default("db")
        Log log,

        @Doc("The least value whose logarithm is taken.") @Default("1e-10")
        double floor,

        @Doc("Logarithms in db that are so much below an example's highest are raised to that.")
        @Default("null")
        @Nullable
        Double topDb,

        @Doc("Coefficients of mfcc.") @Default("40") int nMfcc,

        @Doc("What becomes 0 in the mean with a deviation of 1, within each example: none, example or bin.")
        @Default("none")
        Normalize normalize,

        @Doc("The most frames.") @Default("1000") int maxLength,

        @Doc("Whether a longer sound loses its end; if not, it is an error.") @Default("false")
        boolean truncate)
        implements UnaryTransform {
    /** What a frame becomes. */
    public enum Features {
        /** The sizes of its frequencies, {@code n_fft / 2 + 1}. */
        POWER,
        /** What the mel filters hear. */
        MEL,
        /** Its logarithms. */
        LOG_MEL,
        /** The cosine transform of the logarithms. */
        MFCC
    }

    /** What the filters have in common. */
    public enum Norm {
        /** Their height. */
        NONE,
        /** Their area. */
        SLANEY
    }

    /** A logarithm. */
    public enum Log {
        /** {@code 20 / power * log10}: decibels. */
        DB,
        /** To the base e. */
        LN,
        /** To the base 10. */
        LOG10
    }

    /** What is scaled to a mean of 0 and a deviation of 1. */
    public enum Normalize {
        /** Nothing. */
        NONE,
        /** All values of an example together. */
        EXAMPLE,
        /** Each feature over the frames of an example (cepstral mean and variance normalisation). */
        BIN
    }

    /** @throws InputException if options are out of range or contradict each other */
    public Spectrogram {
        require(
                sampleRate >= 1 && nFft >= 2 && nFft <= 1 << 20,
                "a sample_rate of 1 and an n_fft of 2 or more",
                sampleRate + " and " + nFft);
        require(winLength == null || winLength >= 1 && winLength <= nFft, "a win_length of 1 to n_fft", "" + winLength);
        require(hopLength == null || hopLength >= 1, "a hop_length of 1 or more", "" + hopLength);
        require(power > 0 && power <= 4, "a power above 0, such as 1 or 2", "" + power);
        require(nMels >= 1 && nMfcc >= 1, "an n_mels and an n_mfcc of 1 or more", nMels + " and " + nMfcc);
        require(features != Features.MFCC || nMfcc <= nMels, "an n_mfcc of at most n_mels", nMfcc + " of " + nMels);
        double most = fMax == null ? sampleRate / 2.0 : fMax;
        require(
                fMin >= 0 && fMin < most && most <= sampleRate / 2.0,
                "0 <= f_min < f_max <= half the sample_rate",
                fMin + " and " + most);
        require(floor > 0 && Double.isFinite(floor), "a floor above 0", "" + floor);
        require(topDb == null || topDb > 0 && log == Log.DB, "a top_db above 0, with log: db", topDb + " with " + log);
        require(maxLength >= 1, "a max_length of 1 or more", "" + maxLength);
    }

    private static void require(boolean holds, String expected, String received) {
        if (!holds) {
            throw new InputException("spectrogram: expected " + expected + ", received " + received);
        }
    }

    /** Log-mel features in decibels of sound of one rate. @param nFft samples of a frame @param hopLength from a frame to the next */
    public static Spectrogram logMel(int sampleRate, int nFft, int hopLength, int nMels) {
        return new Spectrogram(
                sampleRate,
                false,
                Channels.MONO,
                Features.LOG_MEL,
                nFft,
                null,
                hopLength,
                Window.HANN,
                true,
                Edge.REFLECT,
                2,
                nMels,
                0,
                null,
                MelScale.SLANEY,
                Norm.SLANEY,
                Log.DB,
                1e-10,
                null,
                Math.min(nMels, 40),
                Normalize.NONE,
                1000,
                false);
    }

    /** Features of a frame. */
    int width() {
        return switch (features) {
            case POWER -> nFft / 2 + 1;
            case MEL, LOG_MEL -> nMels;
            case MFCC -> nMfcc;
        };
    }

    /** A field of WAV files. */
    @Override
    public Field raw(String name) {
        return Field.bytes(name, new Meaning.Waveform(sampleRate));
    }

    @Override
    public Field output(Field raw) {
        boolean samples = raw.dtype() == DType.FLOAT32
                && raw.isRagged()
                && raw.shape().rank() == 1
                && raw.meaning() instanceof Meaning.Waveform;
        if (!samples && (!raw.isBytes() || raw.meaning() instanceof Meaning.Text)) {
            throw new InputException(
                    "spectrogram: expected a field with the bytes of WAV files, or a ragged one of samples"
                            + " [S] whose meaning is waveform, received " + raw);
        }
        return new Field(
                raw.name(), Spec.of(Shape.of(maxLength, width()), DType.FLOAT32).varying(0), new Meaning.Numbers());
    }

    @Override
    public Applied open(Field raw) {
        int rate = !raw.isBytes() && raw.meaning() instanceof Meaning.Waveform waveform
                ? waveform.sampleRate()
                : sampleRate;
        return new SpectrogramAtWork(this, rate);
    }
}
