package dev.jumbo.spark.corpus.input;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.corpus.document.Entry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;

/** Plain text, compressed or not: a document on each line or in each file. */
@Kind("text")
public record TextInput(
        @Doc("A file, or a folder with all below it.") String path,

        @Doc("What paths below a folder must match.") @Default("\"**\"")
        String glob,

        @Doc("What a document is.") @Default("line") Per per,

        @Doc("Charset by its IANA name.") @Default("UTF-8") String charset)
        implements Input {

    /** What a document is. */
    public enum Per {
        LINE,
        FILE
    }

    public TextInput {
        Charset known = Texts.charset(charset);
        if (per == Per.LINE && !Texts.endsLinesWithOneByte(known)) {
            throw new InputException(
                    "text: expected a charset whose lines end with the byte 10 for per: line, received " + charset
                            + "; use per: file, or convert the files to UTF-8");
        }
    }

    @Override
    public List<FileSplit> splits(int first) {
        return InputFiles.splits(path, glob, first, per == Per.LINE ? InputFiles.LINES_SPLIT : Long.MAX_VALUE);
    }

    @Override
    public Reading open(FileSplit split, int limit) throws IOException {
        Charset decoded = Texts.charset(charset);
        if (per == Per.FILE) {
            return new FileReading(split, decoded, limit);
        }
        return new LineReading(split, decoded, limit) {
            @Override
            Entry parse(long at, String line) {
                return document(at, line, Map.of());
            }
        };
    }
}
