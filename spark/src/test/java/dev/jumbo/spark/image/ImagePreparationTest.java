package dev.jumbo.spark.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.data.image.ImageFolder;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.data.shards.TarManifest;
import dev.jumbo.data.source.TarShardsSource;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle is the folder of images as one machine reads it. */
class ImagePreparationTest {
    private static final Shape SHAPE = Shape.of(3, 12, 10);
    private static final String COMMON = ", shape: [3, 12, 10], max_bad_share: 0.1, shard_mb: 1}\n";

    @TempDir
    Path dir;

    private Path photos;

    /** Of two classes, forty noisy pictures of different sizes, of which one is cut short and one is text. */
    @BeforeEach
    void draw() throws IOException {
        photos = dir.resolve("photos");
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 40; i++) {
            Path folder = Files.createDirectories(photos.resolve(i % 2 == 0 ? "dark" : "light"));
            BufferedImage image =
                    new BufferedImage(8 + random.nextInt(30), 8 + random.nextInt(30), BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < image.getWidth() * image.getHeight(); p++) {
                int value = random.nextInt(100) + (i % 2 == 0 ? 0 : 150);
                image.setRGB(p % image.getWidth(), p / image.getWidth(), value << 16 | value / 2 << 8 | value);
            }
            String format = i % 3 == 0 ? "jpg" : "png";
            ImageIO.write(image, format, folder.resolve(i + "." + format).toFile());
        }
        byte[] whole = Files.readAllBytes(photos.resolve("dark/10.png"));
        Files.write(photos.resolve("dark/cut.png"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(photos.resolve("light/notes.png"), "none");
    }

    private ClusterPreparation.Result prepare(String yaml, Path out) {
        return new ImagePreparation()
                .prepare(new ClusterPreparation.Job(
                        YamlFile.parse("images.yaml", yaml),
                        LocalSpark.master().url(),
                        LocalSpark.master().settings(),
                        out,
                        line -> {}));
    }

    /** What a training reads. */
    private static Dataset train(Path out) {
        return new TarShardsSource(SHAPE, List.of(), "train", "validation", "test")
                .load(out.resolve("shards"), out)
                .train();
    }

    /** The label and all pixels of each example, sorted. */
    private static List<String> examples(Dataset data) {
        List<String> all = new ArrayList<>();
        Row row = Row.single(data);
        for (int i = 0; i < data.size(); i++) {
            data.read(i, row);
            all.add(row.longs(1)[0] + " " + Arrays.toString(row.floats(0)));
        }
        all.sort(null);
        return all;
    }

    private static Map<String, String> hashes(Path out) {
        Map<String, String> hashes = new TreeMap<>();
        TarManifest.read(out.resolve("shards")).shards().forEach(shard -> hashes.put(shard.name(), shard.sha256()));
        return hashes;
    }

    @Test
    void shards_of_a_folder_have_the_pixels_of_the_folder_and_damaged_files_are_set_apart() throws IOException {
        Path out = dir.resolve("out");

        ClusterPreparation.Result result = prepare("images: {input: {folder: {path: " + photos + "}}" + COMMON, out);

        Dataset here = ImageFolder.of(photos, SHAPE);
        assertThat(here.size()).isEqualTo(40);
        assertThat(examples(train(out))).isEqualTo(examples(here));
        assertThat(train(out).targets().get(0).classes()).containsExactly("dark", "light");
        assertThat(result.text()).contains("40 of 42 images kept").contains("2 classes");
        assertThat(result.report().at("/stages/0/quarantined").asInt()).isEqualTo(2);
        assertThat(out.resolve("report.html")).content().contains("cannot_decode", "dark/cut.png");
        try (var parts = Files.list(out.resolve("quarantine"))) {
            assertThat(parts.filter(part -> part.toString().endsWith(".json")))
                    .singleElement()
                    .satisfies(part -> assertThat(part).content().contains("dark/cut.png", "light/notes.png"));
        }
    }

    @Test
    void a_link_to_nothing_is_set_apart_and_counted() throws IOException {
        Files.createSymbolicLink(photos.resolve("dark/link.png"), dir.resolve("nothing.png"));

        ClusterPreparation.Result result =
                prepare("images: {input: {folder: {path: " + photos + "}}" + COMMON, dir.resolve("out"));

        assertThat(result.text()).contains("40 of 43 images kept");
        assertThat(result.report().at("/stages/0/reasons").findValuesAsText("name"))
                .contains("symbolic_link");
    }

    @Test
    void shards_are_the_same_however_the_work_is_divided() {
        String yaml = "images: {input: {folder: {path: " + photos + "}}" + COMMON;
        prepare(yaml, dir.resolve("two"));
        SparkSession spark = LocalSpark.session();
        String before = spark.conf().get("spark.sql.shuffle.partitions");
        try {
            spark.conf().set("spark.sql.shuffle.partitions", "5");
            ImageRun.run(
                    ImagesConfig.read(YamlFile.parse("images.yaml", yaml)), spark, dir.resolve("five"), line -> {});
        } finally {
            spark.conf().set("spark.sql.shuffle.partitions", before);
        }
        assertThat(hashes(dir.resolve("five"))).isNotEmpty().isEqualTo(hashes(dir.resolve("two")));
    }

    @Test
    void rows_of_parquet_become_the_same_examples() throws IOException {
        List<org.apache.spark.sql.Row> rows = new ArrayList<>();
        for (String name : List.of("dark", "light")) {
            try (var files = Files.list(photos.resolve(name))) {
                for (Path file : files.filter(f -> f.getFileName().toString().matches("[0-9]+.*"))
                        .toList()) {
                    rows.add(RowFactory.create(Files.readAllBytes(file), name.equals("dark") ? 0 : 1));
                }
            }
        }
        rows.add(RowFactory.create(null, 1));
        rows.add(RowFactory.create(new byte[] {1}, null));
        StructType schema = new StructType().add("image", DataTypes.BinaryType).add("label", DataTypes.IntegerType);
        Path parquet = dir.resolve("with blank");
        LocalSpark.session().createDataFrame(rows, schema).write().parquet(Directories.forSpark(parquet));
        Path out = dir.resolve("out of parquet");

        ClusterPreparation.Result result = prepare("images: {input: {parquet: {path: " + parquet + "}}" + COMMON, out);

        assertThat(examples(train(out))).isEqualTo(examples(ImageFolder.of(photos, SHAPE)));
        assertThat(result.report().at("/stages/0/reasons").findValuesAsText("name"))
                .containsExactly("no_image", "no_label");
    }

    /** Forty rows in five files, of which one is given a wrong end, and one a wrong byte in the middle of its only page. */
    @Test
    void damaged_parquet_is_set_apart_and_counted_and_over_the_share_the_run_stops() throws IOException {
        List<org.apache.spark.sql.Row> rows = new ArrayList<>();
        byte[] picture = Files.readAllBytes(photos.resolve("dark/10.png"));
        for (int i = 0; i < 40; i++) {
            rows.add(RowFactory.create(picture, i % 2 == 0 ? "even" : "odd"));
        }
        StructType schema = new StructType().add("image", DataTypes.BinaryType).add("label", DataTypes.StringType);
        Path parquet = dir.resolve("parquet");
        LocalSpark.session()
                .createDataFrame(rows, schema)
                .repartition(5)
                .write()
                .option("parquet.enable.dictionary", "false")
                .parquet(Directories.forSpark(parquet));
        List<Path> files = Directories.list(parquet).stream()
                .filter(file -> file.getFileName().toString().matches("part.*"))
                .sorted()
                .toList();
        assertThat(files).hasSize(5);
        byte[] cut = Files.readAllBytes(files.get(0));
        Files.write(files.get(0), Arrays.copyOf(cut, cut.length - 20));
        byte[] wrong = Files.readAllBytes(files.get(2));
        wrong[picture.length / 2] ^= 0x40;
        Files.write(files.get(2), wrong);
        String yaml = "images: {input: {parquet: {path: " + parquet + "}}, shape: [3, 12, 10], max_bad_share: %s}\n";

        ClusterPreparation.Result result = prepare(yaml.formatted("0.1"), dir.resolve("out"));
        assertThat(train(dir.resolve("out")).size()).isEqualTo(24);
        assertThat(result.text()).contains("24 of 26 images kept");
        assertThat(result.report().at("/stages/0/reasons/0/name").asText()).isEqualTo("corrupt_parquet");
        assertThat(result.report().at("/stages/0/reasons/0/documents").asInt()).isEqualTo(2);
        try (var parts = Files.list(dir.resolve("out/quarantine"))) {
            assertThat(parts.filter(part -> part.toString().endsWith(".json")))
                    .singleElement()
                    .satisfies(part -> assertThat(part)
                            .content()
                            .contains(files.get(0).toString(), files.get(2).toString()));
        }

        assertThatThrownBy(() -> prepare(yaml.formatted("0.05"), dir.resolve("strict")))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("7.69 % of 26 images")
                .hasMessageContaining("corrupt_parquet 2 times");
        assertThat(dir.resolve("strict/shards")).doesNotExist();
    }

    @Test
    void too_many_damaged_files_publish_nothing_and_wrong_settings_are_refused() {
        Path out = dir.resolve("out");
        String strict = "images: {input: {folder: {path: " + photos + "}}, shape: [3, 12, 10], max_bad_share: 0.01}\n";

        assertThatThrownBy(() -> prepare(strict, out))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("4.76 % of 42 images")
                .hasMessageContaining("cannot_decode 2 times");
        assertThat(out.resolve("shards")).doesNotExist();
        assertThat(out.resolve("report.json")).doesNotExist();
        assertThat(out.resolve("quarantine")).exists();

        assertThatThrownBy(() -> prepare("images: {input: {folder: {path: none}}, shape: [2, 4, 4]}", out))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("[3, height, width]");
        assertThatThrownBy(() -> prepare("images: {input: {folder: {path: none}}, shape: [1, 4, 4]}", out))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("folder of pictures at none");
    }

    @Test
    void the_schema_in_the_documentation_is_the_one_of_this_version() throws IOException {
        String schema = YamlText.json(ImagesConfig.schema());
        Path made = Files.writeString(Path.of("target/images.schema.json"), schema);
        assertThat(Path.of("../docs/images.schema.json"))
                .as("the schema; if it has changed: cp spark/%s docs/", made)
                .hasContent(schema);
    }
}
