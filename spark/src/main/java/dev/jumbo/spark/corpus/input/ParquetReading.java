package dev.jumbo.spark.corpus.input;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Utf8;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** The rows of the row groups whose middle lies in a part of a file. A document's place is its row in the file. */
final class ParquetReading extends Reading {
    private final ParquetInput input;
    private final int limit;
    private final ParquetReader<Group> rows;
    private long place;

    ParquetReading(FileSplit split, ParquetInput input, int limit) throws IOException {
        super(split, "read.corrupt_parquet");
        this.input = input;
        this.limit = limit;
        place = split.start();
        Path file = new Path(java.nio.file.Path.of(split.path()).toUri());
        Configuration configuration = new Configuration();
        MessageType schema;
        try (ParquetFileReader footer = ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
            schema = footer.getFileMetaData().getSchema();
        }
        configuration.set(ReadSupport.PARQUET_READ_SCHEMA, projection(schema).toString());
        rows = ParquetReader.builder(new GroupReadSupport(), file)
                .withConf(configuration)
                .withFileRange(split.start(), split.end())
                .build();
    }

    /** The columns that are read. */
    private MessageType projection(MessageType schema) {
        List<Type> columns = new ArrayList<>(List.of(column(schema, input.text())));
        for (String name : input.keep()) {
            if (!name.equals(input.text())) {
                columns.add(column(schema, name));
            }
        }
        return new MessageType(schema.getName(), columns);
    }

    private Type column(MessageType schema, String name) {
        List<String> known = schema.getFields().stream().map(Type::getName).toList();
        if (!known.contains(name)) {
            throw new InputException(split().path() + " has no column \"" + name + "\"" + Nearest.hint(name, known));
        }
        Type column = schema.getType(name);
        if (!column.isPrimitive()) {
            throw new InputException(split().path() + ": expected single values in the column \"" + name
                    + "\", received " + column + "; choose another column");
        }
        return column;
    }

    @Override
    @Nullable
    Entry advance() throws IOException {
        Group row = rows.read();
        if (row == null) {
            return null;
        }
        long at = rows.getCurrentRowIndex();
        place = at + 1;
        String text = value(row, input.text());
        if (text == null) {
            return bad(at, "read.no_text", "the column \"" + input.text() + "\" is null", "", 0);
        }
        if (text.length() > limit) {
            return bad(at, "read.too_long", "a text of more than " + limit + " bytes", text, Utf8.length(text));
        }
        Map<String, String> metadata = new TreeMap<>();
        for (String name : input.keep()) {
            String value = value(row, name);
            if (value != null) {
                metadata.put(name, value);
            }
        }
        return document(at, text, metadata);
    }

    private static @Nullable String value(Group row, String name) {
        return row.getFieldRepetitionCount(name) == 0
                ? null
                : row.getValueToString(row.getType().getFieldIndex(name), 0);
    }

    @Override
    long place() {
        return place;
    }

    @Override
    long remaining() {
        return split().end() - split().start();
    }

    @Override
    void release() throws IOException {
        rows.close();
    }
}
