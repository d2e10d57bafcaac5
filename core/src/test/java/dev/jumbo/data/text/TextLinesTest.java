package dev.jumbo.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextLinesTest {
    @TempDir
    Path dir;

    @Test
    void reads_lines_of_both_kinds_of_ends_without_the_byte_order_mark() throws IOException {
        assertThat(TextLines.plain(write("\uFEFFeins\r\n\nzwölf\ndrei")).texts())
                .containsExactly("eins", "", "zwölf", "drei");
    }

    @Test
    void splits_a_label_from_its_text_at_the_first_separator() throws IOException {
        TextLines lines = TextLines.labelled(write("spam buy now\nham see you\nspam free\n"), ' ');

        assertThat(lines.labels()).containsExactly("spam", "ham", "spam");
        assertThat(lines.texts()).containsExactly("buy now", "see you", "free");
        assertThat(lines.classes()).containsExactly("ham", "spam");
    }

    @Test
    void names_the_line_that_is_not_utf_8() throws IOException {
        Path file = Files.write(dir.resolve("file"), "one\ntw\u00F6\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> TextLines.plain(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2: expected UTF-8");
    }

    @Test
    void names_the_line_without_a_label() throws IOException {
        Path file = write("1\tgood\nno tab here\n");

        assertThatThrownBy(() -> TextLines.labelled(file, '\t'))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("line 2: expected a label, a tab and a text, received \"no tab here\"");
    }

    @Test
    void names_the_file_that_is_not_there() {
        assertThatThrownBy(() -> TextLines.plain(dir.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found no file");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(dir.resolve("file"), text);
    }
}
