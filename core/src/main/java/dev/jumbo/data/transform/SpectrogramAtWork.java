package dev.jumbo.data.transform;

import dev.jumbo.data.UnaryTransform;
import dev.jumbo.data.sound.Cepstrum;
import dev.jumbo.data.sound.MelFilters;
import dev.jumbo.data.sound.Resampling;
import dev.jumbo.data.sound.ShortTimeFourier;
import dev.jumbo.data.sound.Wav;
import dev.jumbo.error.InputException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A {@link Spectrogram} made ready: its tables are computed once. */
final class SpectrogramAtWork implements UnaryTransform.Applied {
    private final Spectrogram as;
    private final int given;
    private final ShortTimeFourier spectra;
    private final @Nullable MelFilters filters;
    private final @Nullable Cepstrum cepstrum;
    private final Map<Integer, Resampling> rates = new ConcurrentHashMap<>();

    /** @param given samples a second where these are given as numbers */
    SpectrogramAtWork(Spectrogram as, int given) {
        this.as = as;
        this.given = given;
        int window = as.winLength() == null ? as.nFft() : as.winLength();
        int hop = as.hopLength() == null ? Math.max(1, window / 2) : as.hopLength();
        spectra = new ShortTimeFourier(as.nFft(), window, hop, as.window(), as.center(), as.padMode());
        filters = as.features() == Spectrogram.Features.POWER
                ? null
                : new MelFilters(
                        as.nMels(),
                        spectra.bins(),
                        as.sampleRate(),
                        as.fMin(),
                        as.fMax() == null ? as.sampleRate() / 2.0 : as.fMax(),
                        as.melScale(),
                        as.norm() == Spectrogram.Norm.SLANEY);
        cepstrum = as.features() == Spectrogram.Features.MFCC ? new Cepstrum(as.nMfcc(), as.nMels()) : null;
    }

    @Override
    public int steps(Object raw) {
        if (raw instanceof float[] samples) {
            return frames(samples.length, given);
        }
        Wav wav = Wav.read((byte[]) raw);
        return frames(wav.length(), wav.sampleRate());
    }

    /** Frames that count. @throws InputException if there are too many, before any is computed */
    private int frames(int samples, int rate) {
        int frames = spectra.frames(
                rate == as.sampleRate() ? samples : resampling(rate).length(samples));
        if (frames > as.maxLength() && !as.truncate()) {
            throw new InputException(
                    "expected a sound of at most " + as.maxLength() + " frames, received " + frames
                            + "; train with a larger max_length of spectrogram, or with truncate: true, which cuts the ends off");
        }
        return Math.min(frames, as.maxLength());
    }

    private Resampling resampling(int rate) {
        if (!as.resample()) {
            throw new InputException("expected " + as.sampleRate() + " samples a second, received " + rate
                    + "; train with sample_rate: " + rate + ", or with resample: true");
        }
        return rates.computeIfAbsent(rate, from -> Resampling.of(from, as.sampleRate()));
    }

    @Override
    public Object apply(Object raw) {
        double[] samples;
        int rate = given;
        int frames;
        if (raw instanceof float[] numbers) {
            frames = frames(numbers.length, rate);
            samples = new double[numbers.length];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = numbers[i];
                if (!Float.isFinite(numbers[i])) {
                    throw new InputException("expected numbers in a sound, received " + numbers[i] + " at sample " + i);
                }
            }
        } else {
            Wav wav = Wav.read((byte[]) raw);
            rate = wav.sampleRate();
            frames = frames(wav.length(), rate);
            samples = wav.samples(as.channels());
        }
        double[] sound = rate == as.sampleRate() ? samples : resampling(rate).apply(samples);
        double[] features = features(sound, frames);
        normalize(features, frames, as.width());
        float[] narrow = new float[features.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) features[i];
        }
        return narrow;
    }

    /** Frames that are cut off are not computed: they have no say in what stays. */
    private double[] features(double[] sound, int frames) {
        double[] powers = spectra.spectra(sound, frames, as.power());
        if (filters == null) {
            return powers;
        }
        double[] heard = filters.apply(powers);
        if (as.features() == Spectrogram.Features.MEL) {
            return heard;
        }
        logarithms(heard);
        return cepstrum == null ? heard : cepstrum.apply(heard);
    }

    private void logarithms(double[] values) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            double value = Math.max(as.floor(), values[i]);
            values[i] = switch (as.log()) {
                case DB -> 20 / as.power() * Math.log10(value);
                case LN -> Math.log(value);
                case LOG10 -> Math.log10(value);
            };
            highest = Math.max(highest, values[i]);
        }
        Double top = as.topDb();
        for (int i = 0; top != null && i < values.length; i++) {
            values[i] = Math.max(values[i], highest - top);
        }
    }

    /** Deviations of the population; of values that are all the same, 0. */
    private void normalize(double[] values, int frames, int width) {
        switch (as.normalize()) {
            case NONE -> {}
            case EXAMPLE -> scale(values, 0, 1, values.length);
            case BIN -> {
                for (int bin = 0; bin < width; bin++) {
                    scale(values, bin, width, frames);
                }
            }
        }
    }

    private static void scale(double[] values, int from, int step, int count) {
        double mean = 0;
        for (int i = 0; i < count; i++) {
            mean += values[from + i * step] / count;
        }
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double away = values[from + i * step] - mean;
            squares += away * away / count;
        }
        double deviation = Math.sqrt(squares);
        boolean flat = deviation <= 1e-12 * Math.abs(mean) || deviation == 0;
        for (int i = 0; i < count; i++) {
            int at = from + i * step;
            values[at] = flat ? 0 : (values[at] - mean) / deviation;
        }
    }
}
