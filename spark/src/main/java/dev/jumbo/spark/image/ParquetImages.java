package dev.jumbo.spark.image;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rows of Parquet files, each with the bytes of an image and a label: a name, or a number. A file that cannot be read, or
 * what lies behind a damaged place of one, is a record in quarantine.
 */
@Kind("parquet")
@Doc("Parquet files: each row has the bytes of a PNG or JPEG, and a label.")
record ParquetImages(
        @Doc("A file, or a folder with all below it that ends with .parquet.")
        Path path,

        @Doc("The column with the bytes.") @Default("image") String image,

        @Doc("The column with the label: text, or whole numbers from 0.") @Default("label")
        String label)
        implements ImageInput {
    /** Row groups are at most about this large, and a part has at least one. */
    private static final long PART_BYTES = 128L << 20;

    /** Parts for each core, so that the last ones do not wait for a long one. */
    private static final int PARTS_PER_CORE = 4;

    /**
     * Row groups of a file.
     *
     * @param number of the file
     * @param file absolute
     * @param start first byte
     * @param end behind the last byte; a row group is of the part that its middle is in
     * @param modified when the file was last changed
     */
    record RowGroups(int number, String file, long start, long end, String modified) implements Serializable {}

    @Override
    public Found find(SparkSession spark) {
        List<RowGroups> parts = parts(files());
        // What the first file that can be read says of the label holds for all; a task refuses another.
        boolean numbers = parts.stream()
                .filter(part -> part.start() == 0)
                .flatMap(part -> schema(part).stream())
                .findFirst()
                .map(schema -> new ImageColumns(image, label).areNumbers(schema, path.toString()))
                .orElse(false);
        return new Rows(spark, new ImageColumns(image, label), parts, numbers);
    }

    private static List<MessageType> schema(RowGroups part) {
        try {
            return List.of(ParquetExamples.schema(part.file()));
        } catch (IOException | RuntimeException e) {
            return List.of(); // Its task says so, and counts it.
        }
    }

    private static List<RowGroups> parts(List<Path> files) {
        List<RowGroups> parts = new ArrayList<>();
        for (int number = 0; number < files.size(); number++) {
            Path file = files.get(number);
            try {
                String modified = Files.getLastModifiedTime(file).toString();
                long size = Files.size(file);
                long start = 0;
                do {
                    long end = Math.min(size, start + PART_BYTES);
                    parts.add(new RowGroups(number, file.toString(), start, end, modified));
                    start = end;
                } while (start < size);
            } catch (IOException e) {
                throw new FailureException("cannot read " + file + ": " + e, e);
            }
        }
        return parts;
    }

    private List<Path> files() {
        Path root = path.toAbsolutePath().normalize();
        if (Files.isRegularFile(root)) {
            return List.of(root);
        }
        if (!Files.isDirectory(root)) {
            throw new InputException("there is no file or folder " + path + ": check the path of the input");
        }
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files = walk.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches("[^._].*\\.parquet"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new InputException("expected .parquet files in " + path + ", found none; check the path");
            }
            return files;
        } catch (IOException e) {
            throw new FailureException("cannot list " + path + ": " + e, e);
        }
    }

    /** All rows of the files. */
    private record Rows(SparkSession spark, ImageColumns columns, List<RowGroups> parts, boolean areNumbers)
            implements Found {
        @Override
        public String key() {
            return parts.stream().map(RowGroups::toString).collect(Collectors.joining("\n", columns + "\n", ""));
        }

        @Override
        public Dataset<Row> examples(Decoding decoding) {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            int tasks = Math.min(parts.size(), Math.max(1, PARTS_PER_CORE * context.defaultParallelism()));
            ImageColumns wanted = columns;
            boolean onlyNumbers = areNumbers;
            return spark.createDataset(
                    context.parallelize(parts, Math.max(tasks, parts.size() / PARTS_PER_CORE))
                            .flatMap(part -> ParquetExamples.open(part, wanted, onlyNumbers, decoding))
                            .rdd(),
                    Example.encoder());
        }

        @Override
        public List<String> classes(List<String> labels) {
            return areNumbers ? List.of() : labels.stream().sorted().toList();
        }
    }
}
