package dev.jumbo.text.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.MixSource;
import dev.jumbo.error.InputException;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.train.TokenizerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
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
    void a_byte_order_mark_is_no_part_of_a_text_and_one_side_may_be_compressed() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(temp.resolve("a.de.gz")))) {
            out.write("eins\nzwei\u2028drei".getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(temp.resolve("a.en"), "\ufeffone\r\ntwo\r\n");
        Seq2SeqSource source = new Seq2SeqSource(
                PairFiles.lines("a.en", "a.de.gz"),
                new ByteTokens(),
                99,
                99,
                PairFiles.lines("a.en", "a.de.gz"),
                null,
                "source",
                "target",
                false);
        PairDataset held =
                (PairDataset) Objects.requireNonNull(source.load(temp, temp).validation());
        assertThat(held.sourceTexts()).containsExactly("one", "two");
        assertThat(held.targetTexts()).containsExactly("eins", "zwei\u2028drei");
    }

    @Test
    void records_are_not_taken_for_lines_of_text() throws IOException {
        Files.writeString(temp.resolve("a.jsonl"), "{\"source\": \"one\", \"target\": \"eins\"}\n");
        assertThatThrownBy(() -> Seq2SeqSource.of(PairFiles.lines("a.jsonl", "a.jsonl"), new ByteTokens())
                        .load(temp, temp))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("name JSON and Parquet files under records");
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

    @Test
    void a_run_with_a_checkpoint_keeps_the_tokenizer_that_it_learned_with_when_the_training_files_change()
            throws IOException {
        TrainedTokens trained = TrainedTokens.of(TokenizerType.UNIGRAM, 24);
        Path run = temp.resolve("run");
        Path file = run.resolve("tokenizer/tokenizer.json");
        lines("a cat sat\na cat ran\n", "Katze saß\nKatze lief\n", trained, 99, false)
                .load(temp, run);
        String first = Files.readString(file);

        Seq2SeqSource changed = lines("a cow\nan owl\n", "Kuh\nEule\n", trained, 99, false);
        changed.load(temp, run);
        assertThat(Files.readString(file)).as("of a run without a checkpoint").isNotEqualTo(first);

        lines("a cat sat\na cat ran\n", "Katze saß\nKatze lief\n", trained, 99, false)
                .load(temp, run);
        Files.writeString(run.resolve("LATEST"), "step-00000001");
        DataParts parts =
                lines("a cow\nan owl\n", "Kuh\nEule\n", trained, 99, false).load(temp, run);
        assertThat(Files.readString(file)).isEqualTo(first);
        try (Tokenizer own = PretrainedTokens.of(run.resolve("tokenizer")).open()) {
            int[] ids = own.encode("a cow");
            assertThat(parts.train().length(0, 0)).isEqualTo(ids.length + 1);
        }
        Seq2SeqSource other = lines("a\n", "b\n", TrainedTokens.of(TokenizerType.UNIGRAM, 25), 99, false);
        assertThatThrownBy(() -> other.load(temp, run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the settings with which the run's own was trained")
                .hasMessageContaining("\"vocab_size\":24")
                .hasMessageContaining("\"vocab_size\":25");
    }

    @Test
    void two_sources_of_a_mix_that_each_train_a_tokenizer_are_refused() throws IOException {
        TrainedTokens trained = TrainedTokens.of(TokenizerType.UNIGRAM, 14);
        Seq2SeqSource one = lines("a cat sat\na cat ran\n", "a cat\na rat\n", trained, 99, false);
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.writeString(other.resolve("a.en"), "an owl\nan elk\n");
        Files.writeString(other.resolve("a.de"), "no owl\nno elk\n");
        MixSource mix =
                new MixSource(List.of(new MixSource.Source(one, null, 1), new MixSource.Source(one, other, 1)), null);
        assertThatThrownBy(() -> mix.load(temp, temp.resolve("run")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mix: expected one tokenizer for all sources");
        MixSource same =
                new MixSource(List.of(new MixSource.Source(one, null, 1), new MixSource.Source(one, temp, 1)), null);
        assertThat(same.load(temp, temp.resolve("run")).train().size()).isEqualTo(4);
    }
}
