package dev.jumbo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.config.Default;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows can be read. */
class DocsTest {
    private static final Records RECORDS = Kinds.records();

    record Section(DataConfig data, @Default("{}") TrainConfig train) {}

    /** Sections of a configuration that other rooms read. */
    private static final Pattern OTHERS = Pattern.compile("(?m)^(model|evaluate|serve):.*\\n?( .*\\n?)*");

    @Test
    void every_configuration_in_the_page_on_data_is_valid(@TempDir Path temp) throws IOException {
        List<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/data.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(6);
        for (String block : blocks) {
            Path file = Files.writeString(temp.resolve("data.yaml"), whole(block));
            assertThat(RECORDS.read(Section.class, YamlFile.read(file)).data()).isNotNull();
        }
    }

    record Training(TrainConfig train) {}

    @Test
    void every_configuration_in_the_page_on_training_is_valid(@TempDir Path temp) throws IOException {
        List<String> blocks = blocks("yaml");

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(2);
        for (String block : blocks) {
            Path file = Files.writeString(temp.resolve("training.yaml"), block);
            assertThat(Kinds.records().read(Training.class, YamlFile.read(file)).train())
                    .isNotNull();
        }
    }

    @Test
    void every_configuration_in_the_page_on_parameters_is_valid(@TempDir Path temp) throws IOException {
        List<String> blocks = blocks("parameters.md", "yaml").stream()
                .filter(block -> block.startsWith("train:"))
                .toList();

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(2);
        for (String block : blocks) {
            Path file = Files.writeString(temp.resolve("parameters.yaml"), block);
            assertThat(Kinds.records().read(Training.class, YamlFile.read(file)).train())
                    .isNotNull();
        }
    }

    @Test
    void the_java_in_the_page_on_training_is_that_of_a_program_that_runs() throws IOException {
        Path program = Path.of("src/main/java/dev/jumbo/examples/ArraysInMemory.java");
        List<String> lines =
                Files.readAllLines(program).stream().map(String::strip).toList();

        assertThat(blocks("java"))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(lines)
                        .containsAll(block.lines()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty())
                                .toList()));
    }

    private static List<String> blocks(String language) throws IOException {
        return blocks("training.md", language);
    }

    private static List<String> blocks(String page, String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs", page)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void the_program_in_the_readme_compiles_as_it_stands(@TempDir Path temp) throws IOException {
        List<String> programs = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../README.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(programs).hasSize(1);
        Path file = Files.writeString(temp.resolve("Digits.java"), programs.get(0));
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-d", temp.toString(), "-classpath", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        assertThat(temp.resolve("Digits.class")).exists();
    }

    /** Some blocks show cleaning steps alone, with their key or without. */
    private static String whole(String block) {
        if (block.startsWith("data:")) {
            return OTHERS.matcher(block).replaceAll("");
        }
        String steps = block.startsWith("clean:") ? block : "clean:\n" + block;
        return "data:\n  dataset:\n    table:\n      train: {csv: {path: a.csv}}\n" + steps.indent(6);
    }
}
