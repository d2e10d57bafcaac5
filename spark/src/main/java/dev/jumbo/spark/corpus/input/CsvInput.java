package dev.jumbo.spark.corpus.input;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.util.List;

/** Delimited values (RFC 4180), compressed with gzip or not: each record is a document. */
@Kind("csv")
public record CsvInput(
        @Doc("A file, or a folder with all below it.") String path,

        @Doc("The column with the text.") @Default("text") String text,

        @Doc("Other columns that stay with the document.") @Default("[]")
        List<String> keep,

        @Doc("Names of the columns; empty: the first record has them.") @Default("[]")
        List<String> names,

        @Doc("One character between fields.") @Default("\",\"")
        String delimiter,

        @Doc("One character around fields that hold a delimiter, quote or line end.") @Default("'\"'")
        String quote,

        @Doc("Charset by its IANA name.") @Default("UTF-8") String charset,

        @Doc("What paths below a folder must match.") @Default("\"**\"")
        String glob,

        @Doc("auto: the first record has the names where none are given; skip: it is left out, beside names.")
        @Default("auto")
        CsvFile.Header header)
        implements Input {
    public CsvInput {
        keep = List.copyOf(keep);
        names = List.copyOf(names);
        Texts.charset(charset);
        if (header == CsvFile.Header.SKIP && names.isEmpty()) {
            throw new InputException("expected names beside header: skip, received none");
        }
    }

    /** With the header found out. */
    public CsvInput(
            String path,
            String text,
            List<String> keep,
            List<String> names,
            String delimiter,
            String quote,
            String charset,
            String glob) {
        this(path, text, keep, names, delimiter, quote, charset, glob, CsvFile.Header.AUTO);
    }

    @Override
    public List<FileSplit> splits(int first) {
        return InputFiles.splits(path, glob, first, Long.MAX_VALUE);
    }

    @Override
    public Reading open(FileSplit split, int limit) throws IOException {
        return new CsvReading(split, this, limit);
    }
}
