package dev.jumbo.data.boxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;

class PictureMapTest {
    private static float[] boxes(JsonNode list) {
        float[] all = new float[list.size() * 4];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) list.get(i / 4).get(i % 4).asDouble();
        }
        return all;
    }

    @Test
    void boxes_go_where_torchvision_takes_them() {
        for (JsonNode chain : JsonFixture.read("boxes").get("chains")) {
            double width = chain.get("width").asDouble();
            double height = chain.get("height").asDouble();
            PictureMap all = PictureMap.none(width, height);
            float[] stepwise = boxes(chain.get("boxes"));
            for (JsonNode step : chain.get("steps")) {
                JsonNode to = step.has("resize") ? step.get("resize") : step.get("to");
                double toWidth = to == null ? width : to.get(0).asDouble();
                double toHeight = to == null ? height : to.get(1).asDouble();
                PictureMap map = step.has("resize")
                        ? PictureMap.resized(width, height, toWidth, toHeight)
                        : step.has("move")
                                ? PictureMap.moved(
                                        width,
                                        height,
                                        step.at("/move/0").asDouble(),
                                        step.at("/move/1").asDouble(),
                                        toWidth,
                                        toHeight)
                                : PictureMap.mirrored(
                                        width,
                                        height,
                                        step.at("/mirror/0").asBoolean(),
                                        step.at("/mirror/1").asBoolean());
                map.apply(stepwise, 0, stepwise.length / 4);
                all = all.then(map);
                width = toWidth;
                height = toHeight;
            }
            float[] expected = JsonFixture.floats(chain.get("expected"));
            float[] atOnce = boxes(chain.get("boxes"));
            all.apply(atOnce, 0, atOnce.length / 4);
            assertThat(stepwise).as(chain.toString()).containsExactly(expected, within(1e-3f));
            assertThat(atOnce).as(chain.toString()).containsExactly(expected, within(1e-3f));
        }
    }

    @Test
    void the_way_back_ends_where_the_box_was() {
        PictureMap map = PictureMap.resized(80, 50, 40, 40)
                .then(PictureMap.moved(40, 40, 3, 2, 46, 44))
                .then(PictureMap.mirrored(46, 44, true, false));
        float[] box = {10, 5, 60, 40};
        map.apply(box, 0, 1);
        assertThat(box).containsExactly(new float[] {46 - 33, 6, 46 - 8, 34}, within(1e-5f));
        map.back(80, 50).apply(box, 0, 1);
        assertThat(box).containsExactly(new float[] {10, 5, 60, 40}, within(1e-4f));
    }

    @Test
    void a_box_that_left_the_picture_is_empty_and_keeps_its_place() {
        float[] boxes = {0, 0, 5, 5, 20, 20, 30, 30};
        PictureMap.moved(32, 32, -10, -10, 32, 32).apply(boxes, 0, 2);
        assertThat(boxes).containsExactly(0, 0, 0, 0, 10, 10, 20, 20);
    }

    @Test
    void what_is_no_box_is_refused() {
        PictureMap map = PictureMap.none(10, 10);
        for (float[] wrong :
                new float[][] {{5, 0, 4, 1}, {0, 3, 1, 2}, {Float.NaN, 0, 1, 1}, {0, 0, Float.POSITIVE_INFINITY, 1}}) {
            assertThatThrownBy(() -> map.apply(wrong, 0, 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("left up to right and top up to bottom, received [");
        }
    }
}
