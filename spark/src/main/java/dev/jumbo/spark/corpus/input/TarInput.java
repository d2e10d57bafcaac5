package dev.jumbo.spark.corpus.input;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.io.IOException;
import java.util.List;

/** Archives of text files, compressed or not: each file in them is a document. */
@Kind("tar")
public record TarInput(
        @Doc("An archive, or a folder with all below it.") String path,

        @Doc("What paths below a folder must match.") @Default("\"**\"")
        String glob,

        @Doc("Charset of the texts by its IANA name.") @Default("UTF-8")
        String charset)
        implements Input {
    public TarInput {
        Texts.charset(charset);
    }

    @Override
    public List<FileSplit> splits(int first) {
        return InputFiles.splits(path, glob, first, Long.MAX_VALUE);
    }

    @Override
    public String damaged() {
        return "read.corrupt_tar";
    }

    @Override
    public Reading open(FileSplit split, int limit) throws IOException {
        return new TarReading(split, Texts.charset(charset), limit);
    }
}
