package dev.jumbo.spark.corpus.input;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.io.IOException;
import java.util.List;

/** Parquet files: each row is a document. */
@Kind("parquet")
public record ParquetInput(
        @Doc("A file, or a folder with all below it.") String path,

        @Doc("The column with the text.") @Default("text") String text,

        @Doc("Other columns that stay with the document.") @Default("[]")
        List<String> keep,

        @Doc("What paths below a folder must match.") @Default("\"**\"")
        String glob)
        implements Input {
    /** Row groups are at most about this large, and a part has at least one. */
    private static final long SPLIT = 128L << 20;

    public ParquetInput {
        keep = List.copyOf(keep);
    }

    @Override
    public List<FileSplit> splits(int first) {
        return InputFiles.splits(path, glob, first, SPLIT);
    }

    @Override
    public String damaged() {
        return "read.corrupt_parquet";
    }

    @Override
    public Reading open(FileSplit split, int limit) throws IOException {
        return new ParquetReading(split, this, limit);
    }
}
