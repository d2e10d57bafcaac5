package dev.jumbo.train.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The oracle is cleanlab's find_label_issues, by noise rate, in the order of self-confidence. */
class ConfidentLearningTest {
    private static double[][] matrix(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(JsonFixture::doubles)
                .toArray(double[][]::new);
    }

    private static int[] ints(JsonNode array) {
        return Arrays.stream(JsonFixture.longs(array)).mapToInt(i -> (int) i).toArray();
    }

    @Test
    void issues_their_order_and_the_joint_are_cleanlabs() {
        for (JsonNode each : JsonFixture.read("clean/labels")) {
            ConfidentLearning found = ConfidentLearning.of(matrix(each.get("probabilities")), ints(each.get("labels")));
            String name = each.get("name").textValue();
            int[][] joint = StreamSupport.stream(each.get("joint").spliterator(), false)
                    .map(ConfidentLearningTest::ints)
                    .toArray(int[][]::new);
            assertThat(found.joint()).as(name).isDeepEqualTo(joint);
            assertThat(found.issues().stream().mapToInt(LabelIssue::index).toArray())
                    .as(name)
                    .containsExactly(ints(each.get("issues")));
        }
    }

    @Test
    void what_does_not_fit_is_refused() {
        double[][] two = {{0.5, 0.5}, {0.1, 0.9}};
        assertThatThrownBy(() -> ConfidentLearning.of(two, new int[] {0}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 labels");
        assertThatThrownBy(() -> ConfidentLearning.of(two, new int[] {0, 2})).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> ConfidentLearning.of(new double[][] {{0.5, Double.NaN}, {1, 0}}, new int[] {0, 1}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("NaN");
        assertThat(ConfidentLearning.of(two, new int[] {-1, 1}).issues()).isEmpty();
    }
}
