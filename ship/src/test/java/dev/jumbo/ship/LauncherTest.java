package dev.jumbo.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/serve} of a bundle, started with a program in place of Java that says how it was called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final Pattern SETTING = Pattern.compile("-X[:A-Za-z][^ )\"]*|MALLOC_[A-Z_]+=[^ \"]*\"?[^ \"]*");

    @TempDir
    Path directory;

    private static String script() throws IOException {
        try (InputStream in = Bundle.class.getResourceAsStream("serve.sh")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private List<String> started(Map<String, String> environment) throws IOException, InterruptedException {
        program(
                directory.resolve("java/bin/java"),
                "#!/bin/sh\n[ \"$1\" = -version ] && echo 'openjdk version \"17.0.9\"' >&2 && exit\n"
                        + "echo \"LC_ALL=$LC_ALL\"\nfor each; do echo \"$each\"; done\n");
        Path serve = program(directory.resolve("a b/bin/serve"), script());
        Files.createDirectories(directory.resolve("a b/model/light"));
        ProcessBuilder builder = new ProcessBuilder(serve.toString(), "--port", "0");
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", directory.resolve("java").toString());
        Process process = builder.redirectErrorStream(true).start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).as(lines.toString()).isZero();
        return lines;
    }

    /** In the locale of C, Java finds no jar below a directory with an umlaut. */
    @ParameterizedTest
    @CsvSource({
        "LC_ALL, C, C.UTF-8",
        "LC_CTYPE, POSIX, C.UTF-8",
        "NONE, '', C.UTF-8",
        "LC_ALL, en_US.UTF-8, en_US.UTF-8",
        "LANG, de_DE.UTF-8, ''",
        "LC_CTYPE, de_DE.ISO-8859-1, ''"
    })
    void names_of_files_are_read_in_utf_8_where_the_locale_says_nothing(String name, String value, String expected)
            throws Exception {
        assertThat(started(Map.of(name, value))).contains("LC_ALL=" + expected);
    }

    @Test
    void the_model_beside_it_is_served_with_the_options_that_are_given() throws Exception {
        List<String> lines = started(Map.of("JUMBO_JAVA_OPTS", "-Xmx2g -Da=b"));
        assertThat(lines).contains("-Xmx2g", "-Da=b").endsWith("--port", "0");
        assertThat(lines.get(lines.size() - 3)).endsWith("a b/model/light");
        assertThat(lines.indexOf("-Xmx2g")).isGreaterThan(lines.indexOf("-Xmx1g"));
    }

    @Test
    void both_ways_to_start_a_server_give_it_the_same_memory_and_the_same_end_without_any() throws IOException {
        String other = Files.readString(Path.of("../jumbo"));
        int serving = other.indexOf("if $serving; then");
        String options = other.substring(serving, other.indexOf("else", serving));
        int allocator = other.indexOf("&& $serving; then");
        options += other.substring(allocator, other.indexOf("elif", allocator));
        assertThat(settings(script())).isEqualTo(settings(options)).contains("-XX:+ExitOnOutOfMemoryError", "-Xmx1g");
    }

    private static TreeSet<String> settings(String script) {
        TreeSet<String> settings = new TreeSet<>();
        script.lines()
                .filter(line -> !line.strip().startsWith("#"))
                .forEach(line ->
                        SETTING.matcher(line).results().map(MatchResult::group).forEach(settings::add));
        return settings;
    }
}
