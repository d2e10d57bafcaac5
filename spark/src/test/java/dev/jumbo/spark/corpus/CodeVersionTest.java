package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeVersionTest {
    @TempDir
    private Path dir;

    private Path jar(String name, long time, List<String> entries) throws IOException {
        Path file = dir.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            for (String entry : entries) {
                JarEntry made = new JarEntry(entry);
                made.setTime(time);
                jar.putNextEntry(made);
                jar.write(entry.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                jar.closeEntry();
            }
        }
        return file;
    }

    @Test
    void the_same_classes_are_the_same_version_in_a_directory_and_in_jars_of_any_time() throws IOException {
        Path classes = dir.resolve("classes");
        Files.createDirectories(classes.resolve("a"));
        Files.writeString(classes.resolve("a/B.class"), "a/B.class");
        Files.writeString(classes.resolve("c.txt"), "c.txt");
        String version = CodeVersion.of(classes);

        Path jar = jar("one.jar", 1_000_000_000_000L, List.of("a/B.class", "c.txt"));
        assertThat(CodeVersion.of(jar)).isEqualTo(version);
        Path later = jar("two.jar", 1_100_000_000_000L, List.of("META-INF/MANIFEST.MF", "c.txt", "a/B.class"));
        assertThat(CodeVersion.of(later)).isEqualTo(version);
    }

    @Test
    void one_changed_byte_or_name_is_another_version_and_finds_no_stage_of_the_one_before() throws IOException {
        Path classes = Files.createDirectory(dir.resolve("classes"));
        Files.writeString(classes.resolve("B.class"), "0");
        String before = CodeVersion.of(classes);
        Files.writeString(classes.resolve("B.class"), "1");
        String changed = CodeVersion.of(classes);
        Files.move(classes.resolve("B.class"), classes.resolve("C.class"));

        assertThat(List.of(before, changed, CodeVersion.of(classes))).doesNotHaveDuplicates();
        assertThat(new StageFiles(dir, "00-read", "key")
                        .directory()
                        .getFileName()
                        .toString())
                .isEqualTo("00-read-"
                        + Fingerprints.of(CodeVersion.current(), "key").substring(0, 12));
    }
}
