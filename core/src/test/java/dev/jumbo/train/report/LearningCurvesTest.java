package dev.jumbo.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningCurvesTest {
    @Test
    void a_loss_that_goes_astray_is_drawn_as_far_as_it_can_be(@TempDir Path directory) {
        for (double loss :
                new double[] {9e11, 6e29, -1e18, 1e300, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
            LearningCurves curves = new LearningCurves(
                    List.of(Map.of("loss", 2.5, "val_loss", loss), Map.of("loss", loss, "val_loss", loss)));
            List<Path> files = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> curves.saveTo(directory));
            assertThat(files)
                    .as("%s", loss)
                    .singleElement()
                    .satisfies(file -> assertThat(file).isNotEmptyFile());
        }
    }
}
