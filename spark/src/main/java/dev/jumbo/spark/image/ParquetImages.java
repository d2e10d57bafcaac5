package dev.jumbo.spark.image;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.corpus.Directories;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StructType;

/** Rows of Parquet files, each with the bytes of an image and a label: a name, or a number. */
@Kind("parquet")
@Doc("Parquet files: each row has the bytes of a PNG or JPEG, and a label.")
record ParquetImages(
        @Doc("A file, or a folder with all below it that ends with .parquet.")
        Path path,

        @Doc("The column with the bytes.") @Default("image") String image,

        @Doc("The column with the label: text, or whole numbers from 0.") @Default("label")
        String label)
        implements ImageInput {
    /** Rows of one file have ids of their own up to so many bits. */
    private static final int ROW_BITS = 40;

    @Override
    public Found find(SparkSession spark) {
        List<Path> files = files();
        Dataset<Row> rows =
                spark.read().parquet(files.stream().map(Directories::forSpark).toArray(String[]::new));
        require(rows.schema(), image, type -> type.equals(DataTypes.BinaryType), "bytes");
        DataType labels = require(
                rows.schema(),
                label,
                type -> type.equals(DataTypes.StringType) || type instanceof IntegralType,
                "text or whole numbers");
        return new Rows(this, rows, files, labels instanceof IntegralType);
    }

    private interface Fits {
        boolean test(DataType type);
    }

    private DataType require(StructType schema, String column, Fits fits, String what) {
        if (!List.of(schema.fieldNames()).contains(column)) {
            throw new InputException("expected a column \"" + column + "\" in " + path + ", found "
                    + String.join(", ", schema.fieldNames()) + "; name the right one");
        }
        DataType type = schema.apply(column).dataType();
        if (!fits.test(type)) {
            throw new InputException("expected " + what + " in the column \"" + column + "\" of " + path + ", received "
                    + type.simpleString() + "; name another column");
        }
        return type;
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
    private record Rows(ParquetImages input, Dataset<Row> rows, List<Path> files, boolean areNumbers) implements Found {
        @Override
        public String key() {
            return files.stream().map(Rows::state).collect(Collectors.joining("\n", input + "\n", ""));
        }

        private static String state(Path file) {
            try {
                return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
            } catch (IOException e) {
                throw new FailureException("cannot read " + file + ": " + e, e);
            }
        }

        @Override
        public Dataset<Row> examples(Decoding decoding) {
            Map<String, Integer> numbers = new HashMap<>();
            files.forEach(file -> numbers.put(file.toString(), numbers.size()));
            boolean onlyNumbers = areNumbers;
            return rows.select(
                            col("_metadata.file_path"),
                            col("_metadata.row_index"),
                            quoted(input.image),
                            quoted(input.label).cast(DataTypes.StringType))
                    .map(
                            (MapFunction<Row, Row>) row -> example(row, numbers, onlyNumbers, decoding),
                            Example.encoder());
        }

        private static Column quoted(String column) {
            return col("`" + column.replace("`", "``") + "`");
        }

        private static Row example(Row row, Map<String, Integer> numbers, boolean onlyNumbers, Decoding decoding) {
            String file = Path.of(URI.create(row.getString(0))).toString();
            long id = (long) numbers.getOrDefault(file, 0) << ROW_BITS | row.getLong(1);
            String source = file + " row " + row.getLong(1);
            byte[] bytes = row.getAs(2);
            String label = row.getString(3);
            if (bytes == null) {
                return Example.bad(id, source, "no_image", "the value is missing", 0);
            }
            if (label == null || label.isBlank() || onlyNumbers && !label.matches("[0-9]{1,9}")) {
                return Example.bad(id, source, "no_label", "received " + label, bytes.length);
            }
            return decoding.bytes(id, source, label, bytes);
        }

        @Override
        public List<String> classes(List<String> labels) {
            return areNumbers ? List.of() : labels.stream().sorted().toList();
        }
    }
}
