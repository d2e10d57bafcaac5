package dev.jumbo.spark.table;

import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.data.table.ColumnNote;
import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.data.table.read.Malformed;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.StreamedSource;
import dev.jumbo.data.table.read.TableReader;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.Absolute;
import dev.jumbo.spark.Directories;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a source on Spark. Parquet is read in parallel. A text file or a select is read by one task, row by row with
 * the reader of one machine: where a record begins in the middle of a file of quoted values cannot be known. Its rows are
 * written in many files, so that everything behind runs in parallel.
 *
 * @param header the columns, without rows
 * @param rows as {@link CleanRow#SCHEMA}, with the records that could not be read
 */
record TableRows(Table header, Dataset<Row> rows) {
    static TableRows of(SparkSession spark, TableSource source) {
        return source instanceof ParquetFile file ? parquet(spark, file) : streamed(spark, (StreamedSource) source);
    }

    /**
     * What decides the rows of a source: what the configuration says of it, and the state of its file; what a database
     * holds is not seen.
     *
     * @throws InputException if there is no such file
     */
    static String key(TableSource source) {
        // The number of the form that rows have on their way: what was kept in another is made again.
        String text = "2" + YamlText.json(Records.of().write(TableSource.class, source));
        if (isDatabase(source)) {
            return text;
        }
        Path file = Path.of(source.name());
        if (!Files.isReadable(file)) {
            throw new InputException("expected a file at " + file + ", found none; check the path");
        }
        try {
            return text + Files.size(file) + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw failure(source, e);
        }
    }

    static boolean isDatabase(TableSource source) {
        return source.name().startsWith("jdbc:");
    }

    private static TableRows streamed(SparkSession spark, StreamedSource source) {
        List<String> names;
        List<@Nullable ColumnNote> notes = new ArrayList<>();
        try (TableReader reader = source.open(Quarantine.counting())) {
            names = reader.names();
            for (int c = 0; c < names.size(); c++) {
                notes.add(reader.note(c));
            }
        } catch (IOException e) {
            throw failure(source, e);
        }
        String text = YamlText.json(Records.of().write(TableSource.class, Absolute.of(source)));
        Dataset<Row> rows = spark.createDataset(List.of(text), Encoders.STRING())
                .flatMap((FlatMapFunction<String, Row>) TableRows::read, Encoders.row(CleanRow.SCHEMA));
        return new TableRows(header(names, new boolean[names.size()], notes), rows);
    }

    private static Iterator<Row> read(String text) {
        StreamedSource source = (StreamedSource) Records.of().read(TableSource.class, YamlFile.parse("a source", text));
        Deque<Row> ready = new ArrayDeque<>();
        TableReader reader = source.open(Quarantine.telling(bad -> ready.add(
                CleanRow.malformed(bad.line(), bad.reason(), bad.text()).row())));
        return new Iterator<>() {
            private long position;
            private boolean ended;

            @Override
            public boolean hasNext() {
                while (ready.isEmpty() && !ended) {
                    try {
                        TableReader.Entry entry = reader.next();
                        if (entry == null) {
                            ended = true;
                            reader.close();
                        } else {
                            ready.add(CleanRow.of(position++, entry.row(), entry.values(), entry.numbers())
                                    .row());
                        }
                    } catch (IOException e) {
                        throw failure(source, e);
                    }
                }
                return !ready.isEmpty();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the part has no more rows");
                }
                return ready.remove();
            }
        };
    }

    private static TableRows parquet(SparkSession spark, ParquetFile file) {
        // Directories such as split=train are columns only if asked.
        Dataset<Row> data = spark.read()
                .option(
                        file.hivePartitioning() ? "basePath" : "recursiveFileLookup",
                        file.hivePartitioning() ? base(file.path()) : "true")
                .parquet(Directories.forSpark(file.path()));
        boolean whole = file.sql().equals(ParquetFile.of(file.path()).sql());
        List<String> missing = List.copyOf(file.missing());
        if (!whole) {
            data.createOrReplaceTempView("data");
            data = spark.sql(file.sql());
        }
        StructField[] fields = data.schema().fields();
        boolean[] numbers = new boolean[fields.length];
        List<@Nullable ColumnNote> notes = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int c = 0; c < fields.length; c++) {
            names.add(fields[c].name());
            DataType type = fields[c].dataType();
            // Long and decimal ones may have digits that doubles do not hold: as texts they keep them.
            boolean exact = type instanceof LongType || type instanceof DecimalType;
            numbers[c] = type instanceof NumericType && !exact;
            boolean nested = type instanceof ArrayType || type instanceof StructType || type instanceof MapType;
            notes.add(nested ? ColumnNote.nested("lists, structs or maps (" + type.simpleString() + ")") : null);
        }
        // The place within the file, where Spark knows it; the order of a select otherwise.
        JavaRDD<Row> rows = whole
                ? data.selectExpr("*", "_metadata.row_index as __position")
                        .toJavaRDD()
                        .map(row -> clean(row, numbers, missing, row.getLong(numbers.length)))
                : data.toJavaRDD().zipWithIndex().map(pair -> clean(pair._1(), numbers, missing, pair._2()));
        return new TableRows(
                header(names, numbers, notes), spark.createDataset(rows.rdd(), Encoders.row(CleanRow.SCHEMA)));
    }

    private static Row clean(Row row, boolean[] numbers, List<String> missing, long position) {
        @Nullable String[] values = new String[numbers.length];
        BitSet typed = new BitSet(numbers.length);
        for (int c = 0; c < numbers.length; c++) {
            Object value = row.get(c);
            typed.set(c, value instanceof Number);
            if (value instanceof Boolean truth) {
                values[c] = truth ? "true" : "false";
            } else if (value instanceof LocalDateTime at) {
                values[c] = new Moment(at, null, true).text();
            } else if (value instanceof Timestamp at) {
                values[c] = Moment.utc(LocalDateTime.ofInstant(at.toInstant(), ZoneOffset.UTC))
                        .text();
            } else if (value instanceof Number number && numbers[c]) {
                double real = number.doubleValue();
                values[c] = Double.isNaN(real) ? null : Numbers.format(real);
            } else if (value instanceof Long || value instanceof BigDecimal) {
                values[c] = Numbers.format(new BigDecimal(value.toString()));
            } else {
                values[c] = value == null || missing.contains(value.toString().strip()) ? null : value.toString();
            }
        }
        return CleanRow.of(position, position + 1, Arrays.asList(values), typed).row();
    }

    /** What stands before the first directory such as split=train. */
    private static String base(Path file) {
        Path base = file.toAbsolutePath().getRoot();
        for (Path name : file.toAbsolutePath()) {
            if (name.toString().contains("=") || name.equals(file.getFileName())) {
                break;
            }
            base = base.resolve(name);
        }
        return Directories.forSpark(base);
    }

    private static Table header(List<String> names, boolean[] numbers, List<@Nullable ColumnNote> notes) {
        List<TableColumn> columns = new ArrayList<>();
        for (int c = 0; c < numbers.length; c++) {
            columns.add(
                    numbers[c]
                            ? NumberColumn.of().with(notes.get(c))
                            : TextColumn.empty().with(notes.get(c)));
        }
        return Table.of(names, columns);
    }

    private static FailureException failure(TableSource source, IOException e) {
        return new FailureException("cannot read " + source.name() + ": " + e.getMessage() + "; copy it again", e);
    }

    /** A row of a record that could not be read. */
    static Malformed malformed(Row row) {
        return new Malformed(
                row.getLong(1), row.getString(6), row.<String>getList(3).get(0));
    }
}
