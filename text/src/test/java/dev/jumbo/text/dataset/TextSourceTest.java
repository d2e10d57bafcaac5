package dev.jumbo.text.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Example;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Row;
import dev.jumbo.data.packing.DocumentPacking;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.InputException;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.corpus.DocumentReader.Unit;
import dev.jumbo.text.transform.TokenizerTransform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextSourceTest {
    private static final int END = 256;

    @TempDir
    Path temp;

    private Path file(String name, String content) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private TextSource source(int context, String... train) {
        return TextSource.of(List.of(train), new ByteTokens(), context);
    }

    private static TextSource with(
            TextSource base, Unit unit, DocumentPacking packing, boolean masks, boolean cut, boolean stream) {
        return new TextSource(
                base.train(),
                base.tokenizer(),
                base.context(),
                base.validation(),
                base.test(),
                base.validationShare(),
                unit,
                base.column(),
                packing,
                masks,
                cut,
                stream,
                1);
    }

    /** All ids, as a model sees them and the last one that it is to give. */
    private static String said(Dataset blocks) {
        StringBuilder said = new StringBuilder();
        int last = blocks.targets().size() + blocks.inputs().size() - 1;
        for (int i = 0; i < blocks.size(); i++) {
            Row row = Row.single(blocks);
            blocks.read(i, row);
            for (int t = 0; t < row.longs(0).length; t++) {
                if (row.longs(last)[t] != -100) {
                    said.append(i == 0 && t == 0 ? letter(row.longs(0)[t]) : "").append(letter(row.longs(last)[t]));
                }
            }
        }
        return said.toString();
    }

    private static String letter(long id) {
        return id == END ? "|" : String.valueOf((char) id);
    }

    @Test
    void files_of_a_folder_are_documents_in_the_order_of_their_names_and_each_ends() throws IOException {
        file("c/b.txt", "second");
        file("c/a/z.txt", "first");
        file("c/.hidden", "no");
        file("c/_SUCCESS", "no");
        DataParts parts = source(4, "c").load(temp, temp);
        assertThat(said(parts.train())).isEqualTo("first|second|");
        assertThat(parts.train().madeBy().get("text"))
                .isEqualTo(new TokenizerTransform(new ByteTokens(), 4, false, 257));
    }

    @Test
    void json_lines_json_lists_gzip_and_text_give_the_same_documents() throws IOException {
        file("a.jsonl", "{\"text\": \"one\", \"n\": 1}\n\n{\"text\": \"two\"}\n");
        file("a.json", "\n [{\"text\": \"one\"},\n {\"n\": [1], \"text\": \"two\"}]\n");
        file("a.txt", "one\r\n\ntwo\n");
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write("{\"text\": \"one\"}\n{\"text\": \"two\"}".getBytes(StandardCharsets.UTF_8));
        }
        Files.write(temp.resolve("b.jsonl.gz"), zipped.toByteArray());
        for (String name : List.of("a.jsonl", "a.json", "b.jsonl.gz")) {
            assertThat(said(source(3, name).load(temp, temp).train())).as(name).isEqualTo("one|two|");
        }
        TextSource lines = with(source(3, "a.txt"), Unit.LINE, DocumentPacking.WRAPPED, false, false, false);
        assertThat(said(lines.load(temp, temp).train())).isEqualTo("one|two|");
    }

    @Test
    void paragraphs_are_what_stands_between_blank_lines() throws IOException {
        file("a.txt", "\n\none\nmore\n  \ntwo");
        TextSource source = with(source(8, "a.txt"), Unit.PARAGRAPH, DocumentPacking.NONE, false, false, false);
        Dataset data = source.load(temp, temp).train();
        assertThat(data.size()).isEqualTo(2);
        assertThat(data.length(0, 0)).isEqualTo(8);
        assertThat(data.length(1, 0)).isEqualTo(3);
        assertThat(said(source(8, "a.txt").load(temp, temp).train())).startsWith("\n\none");
    }

    @Test
    void a_stream_gives_the_blocks_that_memory_gives_from_any_place_on() throws IOException {
        for (int i = 0; i < 9; i++) {
            file("c/" + i + ".txt", "document number " + i + " of many".repeat(i));
        }
        for (boolean masks : new boolean[] {false, true}) {
            for (DocumentPacking packing : List.of(DocumentPacking.WRAPPED, DocumentPacking.NONE)) {
                boolean masked = masks && packing == DocumentPacking.WRAPPED;
                TextSource base = source(7, "c");
                Dataset held = with(base, Unit.FILE, packing, masked, true, false)
                        .load(temp, temp)
                        .train();
                ExampleStream stream = (ExampleStream) with(base, Unit.FILE, packing, masked, true, true)
                        .load(temp, temp)
                        .train();
                for (int from : new int[] {0, 1, 5, held.size() - 1}) {
                    try (ExampleStream.Flow flow = stream.flow(null, from)) {
                        for (int i = from; i < held.size(); i++) {
                            assertThat(values(flow.next())).isEqualTo(values(held, i));
                        }
                        // And on with the next pass.
                        assertThat(values(flow.next())).isEqualTo(values(held, 0));
                    }
                }
                assertThat(stream.madeBy()).isEqualTo(held.madeBy());
            }
        }
    }

    private static List<List<Long>> values(Example example) {
        List<List<Long>> all = new ArrayList<>();
        example.values().forEach(v -> all.add(Arrays.stream((long[]) v).boxed().toList()));
        return all;
    }

    private static List<List<Long>> values(Dataset data, int example) {
        Row row = Row.single(data);
        data.read(example, row);
        List<List<Long>> all = new ArrayList<>();
        for (int f = 0; f < row.fields(); f++) {
            boolean ragged = data.inputs().get(0).isRagged();
            int length = ragged ? data.length(example, f) : row.longs(f).length;
            all.add(Arrays.stream(row.longs(f)).limit(length).boxed().toList());
        }
        return all;
    }

    @Test
    void the_end_of_a_text_is_held_out() throws IOException {
        file("a.txt", "abcdefghi");
        TextSource source = new TextSource(
                List.of("a.txt"),
                new ByteTokens(),
                4,
                List.of(),
                List.of(),
                0.4,
                Unit.FILE,
                "text",
                DocumentPacking.WRAPPED,
                false,
                false,
                false,
                1);
        DataParts parts = source.load(temp, temp);
        assertThat(said(parts.train())).isEqualTo("abcdef");
        assertThat(said(Objects.requireNonNull(parts.validation()))).isEqualTo("ghi|");
    }

    @Test
    void longer_documents_are_counted_and_refused_or_cut() throws IOException {
        file("a.txt", "abcdefgh\nab\nabcdef");
        assertThatThrownBy(() -> with(source(4, "a.txt"), Unit.LINE, DocumentPacking.BEST_FIT, true, false, false)
                        .load(temp, temp))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected documents of at most 4 tokens, received 2 of 3 that are longer, the"
                        + " longest of 8; raise context, write truncate: true");
        Dataset cut = with(source(4, "a.txt"), Unit.LINE, DocumentPacking.NONE, false, true, false)
                .load(temp, temp)
                .train();
        assertThat(cut.length(0, 0)).isEqualTo(4);
    }

    @Test
    void what_is_damaged_is_refused_with_its_file_and_line() throws IOException {
        file("bad.jsonl", "{\"text\": \"one\"}\n{\"text\": two}\n");
        file("none.jsonl", "{\"text\": \"one\"}\n{\"body\": \"two\"}\n");
        file("number.jsonl", "{\"text\": 1}\n");
        file("half.jsonl", "{\"text\": \"a\\ud800\"}\n");
        file("empty.txt", "");
        file("bad.json", "[{\"text\": \"one\"},\n 3]");
        file("cut.json", "[{\"text\": \"one\"},\n {\"text\": \"t");
        Files.write(temp.resolve("latin.txt"), "abc\nd\u00e4f".getBytes(StandardCharsets.ISO_8859_1));
        refused("bad.jsonl", "bad.jsonl, line 2: expected a JSON object, received not JSON");
        refused("none.jsonl", "none.jsonl, line 2: expected a value of \"text\", received the keys [body]");
        refused("number.jsonl", "number.jsonl, line 1: expected a text in \"text\", received 1");
        refused("half.jsonl", "half.jsonl, line 1: expected text that UTF-8 can say");
        refused("empty.txt", "received empty ones alone, the first in");
        refused("bad.json", "bad.json, line 2: expected JSON objects in the list, received 3");
        refused("cut.json", "cut.json, line 2: expected a list of JSON objects");
        refused("latin.txt", "latin.txt, line 2: expected text in UTF-8, received the byte 0xe4 at 5");
        refused("nowhere.txt", "expected a file or a folder at");
        refused("no-*.txt", "expected files that match no-*.txt in");
        refused("part-[0.txt", "expected a pattern such as part-*.jsonl, received part-[0.txt");
        refused("a\u0000b.txt", "expected the name of a file, received");
    }

    private void refused(String name, String message) {
        assertThatThrownBy(() -> source(2, name).load(temp, temp))
                .as(name)
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void settings_that_do_not_fit_each_other_are_refused() {
        assertThatThrownBy(() -> with(source(4, "a"), Unit.FILE, DocumentPacking.NONE, true, false, false))
                .hasMessageContaining("text.document_masks: expected packing wrapped or best_fit");
        assertThatThrownBy(() -> source(0, "a")).hasMessageContaining("text.context: expected 1 token or more");
        assertThatThrownBy(() -> source(1)).hasMessageContaining("text.train: expected a file or more");
    }
}
