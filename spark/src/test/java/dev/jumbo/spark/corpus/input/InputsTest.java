package dev.jumbo.spark.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Fate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {
    private static final int LIMIT = 1 << 16;

    @TempDir
    private Path dir;

    /** Everything that an input gives, as the tasks of a run read it. */
    private static List<Entry> read(Input input) {
        List<Entry> entries = new ArrayList<>();
        for (FileSplit split : input.splits(0)) {
            try (Reading reading = input.open(split, LIMIT)) {
                reading.forEachRemaining(entries::add);
            } catch (IOException | RuntimeException e) {
                if (e instanceof InputException mistake) {
                    throw mistake;
                }
                entries.add(Reading.broken(split, input.damaged(), e));
            }
        }
        assertThat(entries).extracting(Entry::id).doesNotHaveDuplicates().isSorted();
        return entries;
    }

    private static List<String> kept(List<Entry> entries) {
        return entries.stream()
                .filter(e -> e.fate() == Fate.KEPT)
                .map(Entry::text)
                .toList();
    }

    private static List<String> reasons(List<Entry> entries) {
        return entries.stream()
                .filter(e -> e.fate() != Fate.KEPT)
                .map(Entry::reason)
                .toList();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private Path write(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static TextInput text(Path path, TextInput.Per per, String charset) {
        return new TextInput(path.toString(), "**", per, charset);
    }

    @Test
    void lines_are_documents_and_what_is_no_text_goes_to_the_quarantine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("\uFEFFone\r\n\ntwo é\n".getBytes(StandardCharsets.UTF_8));
        bytes.write(new byte[] {'b', 'a', 'd', (byte) 0xff, '\n'});
        bytes.write("x".repeat(LIMIT + 5).getBytes(StandardCharsets.UTF_8));
        bytes.write("\nlast".getBytes(StandardCharsets.UTF_8));
        List<Entry> entries = read(text(write("a.txt", bytes.toByteArray()), TextInput.Per.LINE, "UTF-8"));

        assertThat(kept(entries)).containsExactly("one", "two é", "last");
        assertThat(reasons(entries)).containsExactly("read.empty", "read.malformed_text", "read.too_long");
        assertThat(entries.get(4).bytesIn()).isEqualTo(LIMIT + 5);
    }

    @Test
    void parts_of_a_file_own_each_line_once() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("line ").append(i).append("x".repeat(i % 17)).append('\n');
        }
        Path file = write("lines.txt", lines.toString());
        for (long step : new long[] {7, 64, 1000}) {
            List<FileSplit> splits = InputFiles.splits(file.toString(), "**", 0, step);
            TextInput input = text(file, TextInput.Per.LINE, "UTF-8");
            List<String> texts = new ArrayList<>();
            for (FileSplit split : splits) {
                try (Reading reading = input.open(split, LIMIT)) {
                    reading.forEachRemaining(e -> texts.add(e.text()));
                }
            }
            assertThat(texts).containsExactlyElementsOf(lines.toString().lines().toList());
        }
    }

    @Test
    void a_folder_gives_a_document_for_each_file_and_hidden_ones_are_left_out() throws IOException {
        write("folder/b.txt", new byte[] {'c', 'a', 'f', (byte) 0xe9});
        write("folder/a/z.txt", "zet\nzet");
        write("folder/.hidden.txt", "no");
        write("folder/_SUCCESS", "");
        List<Entry> entries = read(text(dir.resolve("folder"), TextInput.Per.FILE, "ISO-8859-1"));
        assertThat(kept(entries)).containsExactly("zet\nzet", "café");
    }

    @Test
    void a_gzip_stream_that_breaks_off_keeps_what_was_before() throws IOException {
        StringBuilder lines = new StringBuilder();
        java.util.Random random = new java.util.Random(5);
        for (int i = 0; i < 20_000; i++) {
            lines.append(random.nextLong()).append('\n');
        }
        byte[] whole = gzip(lines.toString().getBytes(StandardCharsets.UTF_8));
        Path file = write("cut.gz", java.util.Arrays.copyOf(whole, whole.length / 2));
        List<Entry> entries = read(text(file, TextInput.Per.LINE, "UTF-8"));
        assertThat(kept(entries))
                .hasSizeBetween(5_000, 15_000)
                .isSubsetOf(lines.toString().lines().toList());
        assertThat(reasons(entries)).containsExactly("read.corrupt_stream");
    }

    @Test
    void json_lines_keep_named_fields_and_malformed_ones_cost_themselves() throws IOException {
        Path file = write("a.jsonl", """
                {"text": "first", "url": "u1", "n": 3, "other": 1}
                {"text": "cut off
                {"text": 5}
                {"body": "no text"}
                {"text": "two"} {"text": "three"}
                [1]
                {"text": "last", "url": null}
                """);
        List<Entry> entries = read(new JsonLinesInput(file.toString(), "text", List.of("url", "n"), "**"));
        assertThat(kept(entries)).containsExactly("first", "last");
        assertThat(entries.get(0).metadata()).isEqualTo(Map.of("url", "u1", "n", "3"));
        assertThat(reasons(entries)).hasSize(5).containsOnly("read.malformed_json");
        assertThat(entries.get(1).source()).endsWith("#51");
    }

    @Test
    void csv_records_with_a_wrong_number_of_fields_cost_themselves() throws IOException {
        Path file = write("a.csv", "id,text\n1,\"a, \"\"b\"\"\nc\"\n2\n3,d\n");
        CsvInput input = new CsvInput(file.toString(), "text", List.of("id"), List.of(), ",", "\"", "UTF-8", "**");
        List<Entry> entries = read(input);
        assertThat(kept(entries)).containsExactly("a, \"b\"\nc", "d");
        assertThat(entries.get(0).metadata()).isEqualTo(Map.of("id", "1"));
        assertThat(reasons(entries)).containsExactly("read.malformed_csv");
    }

    @Test
    void a_column_that_is_not_there_is_the_callers_mistake() throws IOException {
        Path file = write("a.csv", "id,test\n1,x\n");
        CsvInput input = new CsvInput(file.toString(), "text", List.of(), List.of(), ",", "\"", "UTF-8", "**");
        assertThatThrownBy(() -> read(input))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column \"text\" (did you mean \"test\"?)");
    }

    @Test
    void a_csv_file_that_is_sound_and_read_by_other_settings_is_the_callers_mistake() throws IOException {
        String file = write("semi.csv", "id;text\n1;x\n").toString();
        CsvInput commas = new CsvInput(file, "text", List.of(), List.of(), ",", "\"", "UTF-8", "**");
        assertThatThrownBy(() -> read(commas))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("write delimiter: \";\"");
        List<String> names = List.of("id", "text");
        CsvInput named = new CsvInput(file, "text", List.of(), names, ";", "\"", "UTF-8", "**");
        assertThatThrownBy(() -> read(named))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("write header: skip");
        CsvInput skipping = new CsvInput(file, "text", List.of(), names, ";", "\"", "UTF-8", "**", CsvFile.Header.SKIP);
        assertThat(kept(read(skipping))).containsExactly("x");
        String wide = write("wide.csv", "id,text\n1,x\n".getBytes(StandardCharsets.UTF_16))
                .toString();
        List<Entry> entries = read(new CsvInput(wide, "text", List.of(), List.of(), ",", "\"", "UTF-8", "**"));
        assertThat(reasons(entries)).containsExactly("read.unreadable");
        assertThat(kept(read(new CsvInput(wide, "text", List.of(), List.of(), ",", "\"", "UTF-16", "**"))))
                .containsExactly("x");
    }

    @Test
    void parquet_rows_are_documents_and_a_damaged_footer_costs_its_file() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType(
                "message m { required binary id (STRING); optional binary text (STRING); optional int64 n; }");
        for (String name : List.of("pq/a.parquet", "pq/b.parquet")) {
            Files.createDirectories(dir.resolve("pq"));
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                            new org.apache.hadoop.fs.Path(dir.resolve(name).toUri()))
                    .withType(schema)
                    .build()) {
                for (int i = 0; i < 3; i++) {
                    Group row = new SimpleGroupFactory(schema)
                            .newGroup()
                            .append("id", "r" + i)
                            .append("n", (long) i);
                    writer.write(i == 1 ? row : row.append("text", name + i));
                }
            }
        }
        Files.deleteIfExists(dir.resolve("pq/.a.parquet.crc"));
        Files.deleteIfExists(dir.resolve("pq/.b.parquet.crc"));
        byte[] damaged = Files.readAllBytes(dir.resolve("pq/a.parquet"));
        damaged[damaged.length - 3] ^= 1;
        damaged[damaged.length - 9] ^= 0x7f;
        Files.write(dir.resolve("pq/a.parquet"), damaged);

        List<Entry> entries = read(new ParquetInput(dir.resolve("pq").toString(), "text", List.of("n"), "**"));
        assertThat(kept(entries)).containsExactly("pq/b.parquet0", "pq/b.parquet2");
        assertThat(entries.get(1).metadata()).isEqualTo(Map.of("n", "0"));
        assertThat(reasons(entries)).containsExactly("read.corrupt_parquet", "read.no_text");
    }

    @Test
    void archives_give_their_files_in_their_charset() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (String text : List.of("grün", "rouge")) {
                byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
                TarArchiveEntry entry = new TarArchiveEntry("group/" + text.length());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        Path file = write("a.tar.gz", bytes.toByteArray());
        List<Entry> entries = read(new TarInput(file.toString(), "**", "ISO-8859-1"));
        assertThat(kept(entries)).containsExactly("grün", "rouge");
        assertThat(entries.get(1).source()).isEqualTo(file.toAbsolutePath() + "#group/5");
        assertThat(reasons(read(new TarInput(file.toString(), "**", "UTF-8")))).containsExactly("read.malformed_text");
    }

    @Test
    void rows_of_a_database_are_documents() throws SQLException {
        String url = "jdbc:duckdb:" + dir.resolve("texts.db");
        try (Connection database = DriverManager.getConnection(url)) {
            database.createStatement()
                    .execute("create table t as select * from (values (1, 'one', 'x'), (2, null, 'y'),"
                            + " (3, 'three', 'z')) v(id, body, tag)");
        }
        JdbcInput input = new JdbcInput(url, "select * from t order by id", "body", List.of("tag"), null, null, 1000);
        List<Entry> entries = read(input);
        assertThat(kept(entries)).containsExactly("one", "three");
        assertThat(entries.get(2).metadata()).isEqualTo(Map.of("tag", "z"));
        assertThat(reasons(entries)).containsExactly("read.no_text");
    }

    /** PostgreSQL's driver heeds the number of rows to fetch in a transaction alone. */
    @Test
    void rows_of_a_database_are_fetched_in_a_transaction() throws SQLException {
        JdbcInput input = new JdbcInput("jdbc:duckdb:", "select 'one' as text", "text", List.of(), null, null, 7);
        List<String> calls = new ArrayList<>();
        try (Connection database = DriverManager.getConnection(input.url())) {
            Connection noted = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        calls.add(method.getName() + (arguments == null ? "" : arguments[0]));
                        return method.invoke(database, arguments);
                    });
            try (Reading reading = new JdbcReading(input.splits(0).get(0), input, noted, LIMIT)) {
                assertThat(reading.next().text()).isEqualTo("one");
            }
        }
        assertThat(calls).startsWith("setAutoCommitfalse", "createStatement");
    }

    @Test
    void no_document_tells_how_a_database_is_reached() {
        assertThatThrownBy(() -> jdbc("jdbc:postgresql://u:s3cret@host/texts"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("password_env")
                .hasMessageNotContaining("s3cret");
        JdbcInput input = jdbc("jdbc:none://u@host/texts?token=s3cret");
        assertThat(input.splits(0)).extracting(FileSplit::path).containsExactly("jdbc:none://host/texts");
        assertThatThrownBy(() -> read(input))
                .hasMessageContaining("jdbc:none://host/texts")
                .hasMessageNotContaining("s3cret");
    }

    private static JdbcInput jdbc(String url) {
        return new JdbcInput(url, "select 1", "text", List.of(), null, null, 1000);
    }

    @Test
    void an_input_that_is_not_there_is_the_callers_mistake() {
        assertThatThrownBy(() ->
                        text(dir.resolve("none"), TextInput.Per.LINE, "UTF-8").splits(0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> text(dir, TextInput.Per.LINE, "UTF-9")).hasMessageContaining("UTF-9");
    }

    @Test
    void lines_of_a_charset_that_ends_them_with_two_bytes_are_refused_and_files_are_read() throws IOException {
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32")) {
            assertThatThrownBy(() -> text(dir, TextInput.Per.LINE, charset))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(charset)
                    .hasMessageContaining("per: file");
        }
        Path file = write("wide.txt", "eins\nzwei".getBytes(StandardCharsets.UTF_16));
        assertThat(kept(read(text(file, TextInput.Per.FILE, "UTF-16")))).containsExactly("eins\nzwei");
    }
}
