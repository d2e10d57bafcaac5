package dev.jumbo.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ElasticFieldTest {
    private static final int SIZE = 64;

    /**
     * The field of Simard et al. (2003) made as they say, noise for each pixel and a Gaussian over it, has this standard
     * deviation and this correlation between places some pixels apart: the cheap field must have them as well.
     */
    @Test
    void has_the_strength_and_the_smoothness_of_gaussian_smoothed_noise() {
        double alpha = 34;
        double sigma = 4;
        int lag = 5;
        SplittableRandom random = new SplittableRandom(1);
        ElasticField field = new ElasticField();
        double squares = 0;
        double products = 0;
        double sum = 0;
        int count = 0;
        for (int i = 0; i < 1000; i++) {
            field.draw(random, SIZE, SIZE, alpha, sigma);
            for (int y = 3; y < SIZE; y += 13) {
                float[] u = new float[SIZE];
                float[] v = new float[SIZE];
                field.addRow(y, u, v);
                for (int x = 0; x + lag < SIZE; x++) {
                    sum += u[x] + v[x];
                    squares += u[x] * u[x] + v[x] * v[x];
                    products += u[x] * u[x + lag] + v[x] * v[x + lag];
                    count += 2;
                }
            }
        }
        double variance = squares / count;
        // White noise of variance 1/3 behind a Gaussian: variance alpha^2 / 3 / (4 pi sigma^2), and the
        // autocorrelation is the Gaussian's with itself, exp(-lag^2 / (4 sigma^2)).
        assertThat(Math.sqrt(variance))
                .isCloseTo(alpha / Math.sqrt(3 * 4 * Math.PI) / sigma, Percentage.withPercentage(3));
        assertThat(products / count / variance)
                .isCloseTo(Math.exp(-lag * lag / (4 * sigma * sigma)), Offset.offset(0.05));
        assertThat(sum / count).isCloseTo(0, Offset.offset(0.05));
    }
}
