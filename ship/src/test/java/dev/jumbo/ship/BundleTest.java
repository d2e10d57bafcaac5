package dev.jumbo.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in an archive and in an image, read by tools of others. */
class BundleTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Bundle bundle;

    @BeforeEach
    void pack() throws IOException {
        Path library = directory.resolve("armeria-1.jar");
        Files.writeString(library, "library");
        Path left = directory.resolve("duckdb_jdbc-2.jar");
        Files.writeString(left, "of no use to a server");
        Path classes = directory.resolve("classes");
        Files.createDirectories(classes.resolve("dev/jumbo"));
        Files.writeString(classes.resolve("dev/jumbo/A.class"), "class");
        Path model = directory.resolve("run");
        Files.createDirectories(model.resolve("checkpoints/step-00000001"));
        Files.writeString(model.resolve("run.yaml"), "model");
        Files.writeString(model.resolve("checkpoints/step-00000001/" + "a".repeat(120)), "weights");
        Path work = Files.createDirectories(directory.resolve("work"));
        String classPath = String.join(
                File.pathSeparator, library.toString(), left.toString(), classes.toString(), "/no/such/jar.jar", "");
        bundle = Bundle.of(classPath, "light", model, work);
    }

    @Test
    void a_bundle_has_a_launcher_the_jars_a_server_needs_and_the_model_by_its_name() {
        assertThat(bundle.files())
                .extracting(Bundle.Entry::place)
                .containsExactly(
                        "lib/armeria-1.jar",
                        "lib/jumbo-classes-1.jar",
                        "bin/serve",
                        "model/light/checkpoints/step-00000001/" + "a".repeat(120),
                        "model/light/run.yaml");
    }

    @Test
    void an_archive_unpacks_to_the_same_files_with_a_program_that_can_be_started() throws IOException {
        Path archive = directory.resolve("light.tar.gz");
        TarBundle.write(bundle, archive, "light");
        Map<String, String> contents = new TreeMap<>();
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                contents.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
                assertThat(entry.getMode() & 0111).isEqualTo(entry.getName().endsWith("bin/serve") ? 0111 : 0);
            }
        }
        assertThat(contents)
                .hasSize(5)
                .containsEntry("light/lib/armeria-1.jar", "library")
                .containsEntry("light/model/light/checkpoints/step-00000001/" + "a".repeat(120), "weights");
        assertThat(contents.get("light/bin/serve")).startsWith("#!/usr/bin/env bash");
    }

    @Test
    void the_same_bundle_is_the_same_archive_byte_for_byte() throws IOException {
        TarBundle.write(bundle, directory.resolve("one.tar"), "light");
        pack();
        TarBundle.write(bundle, directory.resolve("two.tar"), "light");
        assertThat(directory.resolve("one.tar")).hasSameBinaryContentAs(directory.resolve("two.tar"));
    }

    @Test
    void an_archive_of_another_ending_is_refused_and_nothing_is_written() {
        assertThatThrownBy(() -> TarBundle.write(bundle, directory.resolve("light.zip"), "light"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(".tar.gz");
        assertThat(directory.resolve("light.zip")).doesNotExist();
    }

    @Test
    void an_image_has_a_layer_each_for_libraries_application_and_model_and_says_how_it_is_started() throws IOException {
        Path image = directory.resolve("image.tar");
        ImageBundle.write(bundle, image, "registry.example/team/light:1", ImageBundle.SCRATCH);
        Map<String, byte[]> files = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(image))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        JsonNode manifest = JSON.readTree(
                files.get(blob(JSON.readTree(files.get("index.json")).at("/manifests/0/digest"))));
        JsonNode config =
                JSON.readTree(files.get(blob(manifest.at("/config/digest")))).path("config");
        assertThat(config.path("Entrypoint").toString())
                .isEqualTo("[\"/opt/jumbo/bin/serve\",\"--host\",\"0.0.0.0\",\"--port\",\"8080\"]");
        assertThat(config.path("User").asText()).isEqualTo("1000:1000");
        assertThat(manifest.path("layers")).hasSize(3);
        byte[] model = files.get(blob(manifest.at("/layers/2/digest")));
        Map<String, String> last = new TreeMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(model)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    last.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(last).hasSize(2).containsEntry("opt/jumbo/model/light/run.yaml", "model");
    }

    private static String blob(JsonNode digest) {
        return "blobs/" + digest.asText().replace(':', '/');
    }

    @Test
    void a_base_image_that_is_not_there_is_a_clear_error_and_leaves_no_file() {
        Path image = directory.resolve("image.tar");
        assertThatThrownBy(() -> ImageBundle.write(bundle, image, "light", "tar:" + directory.resolve("none.tar")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.tar");
        assertThatThrownBy(() -> ImageBundle.write(bundle, image, "Not A Name", ImageBundle.SCRATCH))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Not A Name");
        assertThat(image).doesNotExist();
        assertThat(directory.toFile().list()).noneMatch(name -> name.startsWith(".image"));
    }
}
