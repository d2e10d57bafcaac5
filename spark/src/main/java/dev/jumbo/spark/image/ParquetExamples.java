package dev.jumbo.spark.image;

import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples of a part of a Parquet file. A damaged place ends the part, with a record in quarantine. */
final class ParquetExamples implements Iterator<Row> {
    private static final Logger LOG = LoggerFactory.getLogger(ParquetExamples.class);

    /** Rows of one file have ids of their own up to so many bits. */
    private static final int ROW_BITS = 40;

    private static final String CORRUPT = "corrupt_parquet";

    private final ParquetImages.RowGroups part;
    private final ImageColumns columns;
    private final boolean areNumbers;
    private final Decoding decoding;
    private final ParquetReader<Group> rows;
    private long place;
    private @Nullable Row next;
    private boolean ended;

    private ParquetExamples(ParquetImages.RowGroups part, ImageColumns columns, boolean areNumbers, Decoding decoding)
            throws IOException {
        this.part = part;
        this.columns = columns;
        this.areNumbers = areNumbers;
        this.decoding = decoding;
        place = part.start();
        MessageType schema = schema(part.file());
        if (columns.areNumbers(schema, part.file()) != areNumbers) {
            throw new InputException("expected " + (areNumbers ? "whole numbers" : "text") + " in the column \""
                    + columns.label() + "\" of " + part.file() + ", as in the files before it, received "
                    + schema.getType(columns.label()) + "; prepare them by runs of their own");
        }
        Configuration configuration = new Configuration();
        configuration.set(
                ReadSupport.PARQUET_READ_SCHEMA, columns.of(schema, part.file()).toString());
        // An image with other bytes would often be decoded all the same.
        configuration.setBoolean(ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED, true);
        rows = ParquetReader.builder(new GroupReadSupport(), path(part.file()))
                .withConf(configuration)
                .withFileRange(part.start(), part.end())
                .build();
    }

    /** The examples of a part; one record in quarantine if it cannot even be opened. */
    static Iterator<Row> open(
            ParquetImages.RowGroups part, ImageColumns columns, boolean areNumbers, Decoding decoding) {
        try {
            ParquetExamples examples = new ParquetExamples(part, columns, areNumbers, decoding);
            TaskContext task = TaskContext.get();
            if (task != null) {
                task.addTaskCompletionListener((TaskCompletionListener) done -> examples.close());
            }
            return examples;
        } catch (JumboException e) {
            throw e; // The configuration does not fit the input: no record's fault.
        } catch (IOException | RuntimeException e) {
            return List.of(corrupt(part, part.start(), e)).iterator();
        }
    }

    /** @throws RuntimeException by Parquet, if it is no such file */
    static MessageType schema(String file) throws IOException {
        HadoopInputFile input = HadoopInputFile.fromPath(path(file), new Configuration());
        try (ParquetFileReader footer =
                ParquetFileReader.open(input, ParquetReadOptions.builder().build())) {
            return footer.getFileMetaData().getSchema();
        }
    }

    private static Path path(String file) {
        return new Path(java.nio.file.Path.of(file).toUri());
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            Group row = null;
            try {
                row = rows.read();
            } catch (IOException | RuntimeException e) {
                next = corrupt(part, place, e);
            }
            if (row == null) {
                close();
            } else {
                place = rows.getCurrentRowIndex();
                next = example(row, place++);
            }
        }
        return next != null;
    }

    @Override
    public Row next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("the part has no more rows");
        }
        Row example = next;
        next = null;
        return example;
    }

    private Row example(Group row, long at) {
        long id = id(part, at);
        String source = part.file() + " row " + at;
        if (row.getFieldRepetitionCount(columns.image()) == 0) {
            return Example.bad(id, source, "no_image", "the value is missing", 0);
        }
        byte[] bytes = row.getBinary(columns.image(), 0).getBytes();
        String label = row.getFieldRepetitionCount(columns.label()) == 0
                ? null
                : row.getValueToString(row.getType().getFieldIndex(columns.label()), 0);
        if (label == null || label.isBlank() || areNumbers && !label.matches("[0-9]{1,9}")) {
            return Example.bad(id, source, "no_label", "received " + label, bytes.length);
        }
        return decoding.bytes(id, source, label, bytes);
    }

    /** @param place the row behind the last one that was read; the first byte of a part without any */
    private static Row corrupt(ParquetImages.RowGroups part, long place, Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Example.bad(
                id(part, place),
                part.file(),
                CORRUPT,
                message.lines().findFirst().orElse("") + "; nothing behind this place can be read",
                part.end() - part.start());
    }

    private static long id(ParquetImages.RowGroups part, long row) {
        return (long) part.number() << ROW_BITS | row;
    }

    private void close() {
        ended = true;
        try {
            rows.close();
        } catch (IOException e) {
            LOG.warn("cannot close {}: {}", part.file(), e.getMessage());
        }
    }
}
