package dev.jumbo.text.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.InputException;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.train.TokenizerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Seq2SeqSourceTest {
    @TempDir
    Path temp;

    private Seq2SeqSource lines(String source, String target, TokenizerConfig tokenizer, int longest, boolean truncate)
            throws IOException {
        Files.writeString(temp.resolve("a.en"), source);
        Files.writeString(temp.resolve("a.de"), target);
        PairFiles files = PairFiles.lines("a.en", "a.de");
        return new Seq2SeqSource(files, tokenizer, longest, longest, files, null, "source", "target", truncate);
    }

    private static String said(Dataset data, int example, int field) {
        Row row = Row.single(data);
        data.read(example, row);
        StringBuilder said = new StringBuilder();
        for (int t = 0; t < data.length(example, field); t++) {
            long id = row.longs(field)[t];
            said.append(id == 256 ? "|" : String.valueOf((char) id));
        }
        return said.toString();
    }

    private static List<String> all(Dataset data) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            all.add(said(data, i, 0) + " " + said(data, i, 1));
        }
        return all;
    }

    @Test
    void line_i_of_one_file_belongs_to_line_i_of_the_other_and_blank_halves_are_left_out() throws IOException {
        DataParts parts = lines("one\n\ntwo\r\nlast", "eins\nnichts\nzwei\n \n", new ByteTokens(), 9, false)
                .load(temp, temp);
        assertThat(all(parts.train())).containsExactly("one| eins|", "two| zwei|");
        assertThat(parts.train().inputs()).extracting(f -> f.name()).containsExactly("source");
        assertThat(parts.train().targets()).extracting(f -> f.name()).containsExactly("target");
        PairDataset held = (PairDataset) Objects.requireNonNull(parts.validation());
        assertThat(held.sourceTexts()).containsExactly("one", "two");
        assertThat(held.targetTexts()).containsExactly("eins", "zwei");
    }

    @Test
    void records_give_what_text_files_give() throws IOException {
        Files.writeString(
                temp.resolve("a.jsonl"), "{\"en\": \"one\", \"de\": \"eins\"}\n{\"en\": \"two\", \"de\": \"zwei\"}\n");
        PairFiles files = new PairFiles(List.of(), List.of(), List.of("a.jsonl"));
        Seq2SeqSource records = new Seq2SeqSource(files, new ByteTokens(), 9, 9, null, null, "en", "de", false);
        assertThat(all(records.load(temp, temp).train())).containsExactly("one| eins|", "two| zwei|");
        Seq2SeqSource other = new Seq2SeqSource(files, new ByteTokens(), 9, 9, null, null, "en", "fr", false);
        assertThatThrownBy(() -> other.load(temp, temp))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a value of \"fr\", received the keys [en, de]");
    }

    @Test
    void files_that_do_not_belong_together_are_refused() {
        assertThatThrownBy(() -> lines("one\ntwo\n", "eins\n", new ByteTokens(), 9, false)
                        .load(temp, temp))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 2 and 1; a line may be lost");
        assertThatThrownBy(
                        () -> lines("\n", "eins\n", new ByteTokens(), 9, false).load(temp, temp))
                .hasMessageContaining("seq2seq.train: expected pairs of texts, received 1 of which one is blank");
        assertThatThrownBy(() -> new PairFiles(List.of("a"), List.of(), List.of()))
                .hasMessageContaining("expected {source: [...], target: [...]}");
    }

    @Test
    void what_is_too_long_is_refused_or_loses_what_is_before_its_end() throws IOException {
        assertThatThrownBy(() -> lines("a\nlonger\n", "b\nc\n", new ByteTokens(), 5, false)
                        .load(temp, temp))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 1 pairs that are longer, the first in")
                .hasMessageContaining("line 2, the longest text of 7 tokens");
        Dataset cut = lines("a\nlonger\n", "b\nc\n", new ByteTokens(), 5, true)
                .load(temp, temp)
                .train();
        assertThat(all(cut)).containsExactly("a| b|", "long| c|");
    }

    @Test
    void a_tokenizer_is_trained_on_both_sides_of_the_training_pairs_and_found_again() throws IOException {
        TrainedTokens trained = TrainedTokens.of(TokenizerType.UNIGRAM, 24);
        Path run = temp.resolve("run");
        Seq2SeqSource source = lines("a cat sat\na cat ran\n", "Katze saß\nKatze lief\n", trained, 99, false);
        DataParts first = source.load(temp, run);
        String json = Files.readString(run.resolve("tokenizer/tokenizer.json"));
        assertThat(json).contains("ß").contains("\"t\"");
        assertThat(source.load(temp, run).train().fingerprint())
                .isEqualTo(first.train().fingerprint());
        assertThat(Files.readString(run.resolve("tokenizer/tokenizer.json"))).isEqualTo(json);
        assertThat(Objects.requireNonNull(first.train().madeBy().get("seq2seq")).files())
                .containsExactly(run.resolve("tokenizer/tokenizer.json"));
        assertThatThrownBy(trained::open).hasMessageContaining("expected a dataset that trains it on its texts");
    }
}
