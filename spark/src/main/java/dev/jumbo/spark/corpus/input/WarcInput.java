package dev.jumbo.spark.corpus.input;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.io.IOException;
import java.util.List;

/**
 * Web archives (ISO 28500), compressed or not: WARC, whose HTTP responses are documents of HTML for a stage {@code
 * extract} behind, and WET, whose conversion records are plain text. Requests, metadata and revisits are no documents, but
 * are counted. The format before, ARC, is read too.
 */
@Kind("warc")
public record WarcInput(
        @Doc("An archive, or a folder with all below it.") String path,

        @Doc("What paths below a folder must match.") @Default("\"**\"")
        String glob,

        @Doc("Types of HTTP responses and resources that are read; others are dropped with their type.")
        @Default("[text/html, application/xhtml+xml]")
        List<String> types)
        implements Input {
    public WarcInput {
        types = List.copyOf(types);
    }

    @Override
    public List<FileSplit> splits(int first) {
        return InputFiles.splits(path, glob, first, Long.MAX_VALUE);
    }

    @Override
    public String damaged() {
        return "read.corrupt_warc";
    }

    @Override
    public Reading open(FileSplit split, int limit) throws IOException {
        return new WarcReading(split, this, limit);
    }
}
