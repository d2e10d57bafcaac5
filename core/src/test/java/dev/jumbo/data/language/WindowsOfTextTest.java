package dev.jumbo.data.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.SharedData;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Row;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsOfTextTest {
    @TempDir
    Path temp;

    private Path text(String text) throws IOException {
        return Files.writeString(temp.resolve("text.txt"), text);
    }

    private static long[] longs(Example example, int field) {
        return (long[]) example.values().get(field);
    }

    @Test
    void characters_are_numbered_in_the_order_of_Unicode() throws IOException {
        CharacterIds text = CharacterIds.read(text("b\u00e4a\n\ud83d\ude00b"));
        assertThat(text.entries()).containsExactly("\n", "a", "b", "\u00e4", "\ud83d\ude00");
        long[] ids = new long[6];
        text.part(0, 6).read(0, 6, ids, 0);
        assertThat(ids).containsExactly(2, 3, 1, 0, 4, 2);
    }

    @Test
    void every_character_of_what_is_held_out_is_a_target_once_but_the_first() throws IOException {
        String all = "the quick brown fox jumps over the lazy dog";
        DataParts parts =
                new CharactersSource(text(all).getFileName(), 5, 0.4, CharactersSource.Draw.RANDOM).load(temp, temp);
        Dataset held = Objects.requireNonNull(parts.validation());
        String last = all.substring((int) (all.length() * 0.6));
        assertThat(held.size()).isEqualTo((last.length() - 2) / 5 + 1);
        StringBuilder targets = new StringBuilder();
        List<String> entries = parts.train().targets().get(0).classes();
        for (int i = 0; i < held.size(); i++) {
            Row row = Row.single(held);
            held.read(i, row);
            for (int t = 0; t < 5; t++) {
                if (row.longs(1)[t] != NextTokens.IGNORED) {
                    targets.append(entries.get((int) row.longs(1)[t]));
                    assertThat(entries.get((int) row.longs(0)[t]))
                            .isEqualTo(last.substring(targets.length() - 1, targets.length()));
                }
            }
        }
        assertThat(targets.toString()).isEqualTo(last.substring(1));
    }

    @Test
    void random_windows_start_anywhere_as_often_and_a_place_gives_the_same_again() throws IOException {
        CharacterIds text = CharacterIds.read(text("abcdefghij"));
        RandomWindows stream = new RandomWindows(text.part(0, 10), new NextTokens(4, text.entries()));
        RandomState seed = RandomState.of(5);
        int[] starts = new int[6];
        List<Example> drawn = new ArrayList<>();
        try (ExampleStream.Flow flow = stream.flow(seed, 0)) {
            for (int i = 0; i < 6000; i++) {
                Example example = flow.next();
                drawn.add(example);
                long start = longs(example, 0)[0];
                starts[(int) start]++;
                for (int t = 0; t < 4; t++) {
                    assertThat(longs(example, 0)[t]).isEqualTo(start + t);
                    assertThat(longs(example, 1)[t]).isEqualTo(start + t + 1);
                }
            }
        }
        // Binomial: 1,000 give or take 29; five deviations.
        assertThat(Arrays.stream(starts).mapToDouble(n -> n))
                .allSatisfy(n -> assertThat(n).isCloseTo(1000, within(150.0)));
        try (ExampleStream.Flow later = stream.flow(seed, 4321)) {
            assertThat(longs(later.next(), 0)).isEqualTo(longs(drawn.get(4321), 0));
        }
    }

    @Test
    void what_is_no_text_or_too_short_is_refused_with_its_file() throws IOException {
        Path latin = Files.write(temp.resolve("latin.txt"), new byte[] {'a', 'b', (byte) 0xe4, 'c'});
        assertThatThrownBy(() -> CharacterIds.read(latin))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("latin.txt: expected UTF-8, received a byte that is none at 2");
        assertThatThrownBy(() -> CharacterIds.read(temp.resolve("none.txt")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.txt");
        Path brief = text("abc");
        assertThatThrownBy(() -> new CharactersSource(brief, 3, 0, CharactersSource.Draw.RANDOM).load(null, temp))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("text.txt: expected at least 4 tokens in the text that is learned, received 3");
        assertThatThrownBy(() -> new CharactersSource(brief, 3, 1, CharactersSource.Draw.ALL))
                .hasMessageContaining("characters.validation_share: expected a share from 0 to below 1, received 1.0");
    }

    @Test
    void tiny_Shakespeare_is_cut_as_nanoGPT_cuts_it() {
        Path dir = SharedData.require("tinyshakespeare");
        DataParts parts =
                new CharactersSource(Path.of("input.txt"), 64, 0.1, CharactersSource.Draw.RANDOM).load(dir, temp);
        // nanoGPT's data/shakespeare_char/readme.md: 65 characters, 1,003,854 to learn and 111,540 to validate on.
        assertThat(parts.train().targets().get(0).classes()).hasSize(65);
        assertThat(parts.train()).hasToString("random windows of 64 of 1003854 tokens");
        assertThat(Objects.requireNonNull(parts.validation()).size()).isEqualTo((111_540 - 2) / 64 + 1);
    }
}
