package dev.jumbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldTest {
    private static Field read(String json) {
        return Records.of().read(Field.class, YamlFile.parse("model.json", json));
    }

    @Test
    void files_that_knew_no_meanings_are_read() {
        assertThat(read("{name: image, shape: [1, 28, 28], dtype: float32, classes: []}"))
                .isEqualTo(Field.floats("image", Shape.of(1, 28, 28)));
        assertThat(read("{name: kind, shape: [], dtype: int64, classes: [cat, dog]}"))
                .isEqualTo(Field.classId("kind", List.of("cat", "dog")));
    }

    @Test
    void every_meaning_is_written_and_read_again() {
        for (Field field : List.of(
                Field.tokens("words", 50_257, 3, 512),
                Field.classId("kind", List.of("cat", "dog")),
                Field.classes("labels", List.of("a", "b", "c")),
                Field.text("review"),
                Field.bytes("file", new Meaning.Image()),
                new Field("sound", Spec.floats(16_000).varying(0), new Meaning.Waveform(16_000)),
                new Field("boxes", Spec.floats(20, 4).varying(0), new Meaning.Boxes()),
                Field.doubles("row", Shape.of(4)))) {
            assertThat(Records.of().read(Field.class, "model.json", Records.of().write(Field.class, field)))
                    .isEqualTo(field);
        }
    }

    @Test
    void only_the_first_size_may_vary() {
        assertThatThrownBy(() -> new Field("x", Spec.floats(3, 4).varying(1), new Meaning.Numbers()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first size of x");
        assertThatThrownBy(() -> new Field("x", Spec.of(Shape.of(3), DType.BFLOAT16), new Meaning.Numbers()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_padding_id_outside_the_vocabulary_is_refused() {
        assertThatThrownBy(() -> Field.tokens("words", 10, 10, 5)).hasMessageContaining("padding id from 0");
    }
}
