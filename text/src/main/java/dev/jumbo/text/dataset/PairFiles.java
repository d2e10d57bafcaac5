package dev.jumbo.text.dataset;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusFiles;
import dev.jumbo.text.corpus.PairReader;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where pairs of texts are: in text files side by side, or in columns of records.
 *
 * @param source text files, a source in each line
 * @param target text files with the targets, line by line
 * @param records JSON lines, JSON arrays or Parquet files in the place of both
 */
@Doc("Where pairs of texts are.")
public record PairFiles(
        @Doc("Text files with a source in each line: paths, patterns or folders; seen from data.dir.") @Default("[]")
        List<String> source,

        @Doc("Text files with the targets, line by line.") @Default("[]")
        List<String> target,

        @Doc("JSON lines, JSON arrays or Parquet files with both, instead of source and target.") @Default("[]")
        List<String> records) {
    /** @throws InputException unless there are either texts of both, or records */
    public PairFiles {
        source = List.copyOf(source);
        target = List.copyOf(target);
        records = List.copyOf(records);
        boolean lines = !source.isEmpty() && !target.isEmpty() && records.isEmpty();
        boolean columns = source.isEmpty() && target.isEmpty() && !records.isEmpty();
        if (!lines && !columns) {
            throw new InputException("seq2seq: expected {source: [...], target: [...]} for text files side by side, or"
                    + " {records: [...]} for JSON lines or Parquet, received source " + source + ", target " + target
                    + ", records " + records);
        }
    }

    /** Text files side by side. */
    public static PairFiles lines(String source, String target) {
        return new PairFiles(List.of(source), List.of(target), List.of());
    }

    /** From the first pair on. @param key under which it stands, for errors */
    PairReader open(@Nullable Path dir, String key, String sourceColumn, String targetColumn) {
        return records.isEmpty()
                ? PairReader.ofLines(
                        CorpusFiles.of(source, dir, key + ".source"), CorpusFiles.of(target, dir, key + ".target"))
                : PairReader.ofRecords(CorpusFiles.of(records, dir, key + ".records"), sourceColumn, targetColumn);
    }
}
