package dev.jumbo.train.metrics.text;

import java.util.List;
import java.util.Objects;

/**
 * The parts of a signature that are no setting of a metric.
 *
 * @param references of each text, or -1 where texts have different numbers of them
 * @param resamples of the bootstrap, 0 for none
 * @param seed of the bootstrap
 */
public record SignatureParts(int references, int resamples, long seed) {
    /**
     * As sacreBLEU writes it, {@code nrefs:1|case:mixed|...|version:jumbo-1.0}: its keys in its order, but for the version, which is that of
     * this program, as is the way in which the bootstrap draws.
     *
     * @param settings {@code key:value} of each setting of the metric
     */
    String with(String... settings) {
        StringBuilder text = new StringBuilder("nrefs:").append(references < 0 ? "var" : Integer.toString(references));
        if (resamples > 0) {
            text.append("|bs:").append(resamples).append("|seed:").append(seed);
        }
        for (String setting : settings) {
            text.append('|').append(setting);
        }
        return text.append("|version:jumbo-").append(version()).toString();
    }

    /** The parts of a corpus. */
    static SignatureParts of(List<List<String>> references, int resamples, long seed) {
        long different = references.stream().mapToInt(List::size).distinct().count();
        return new SignatureParts(different == 1 ? references.get(0).size() : -1, resamples, seed);
    }

    private static String version() {
        return Objects.requireNonNullElse(SignatureParts.class.getPackage().getImplementationVersion(), "development");
    }
}
