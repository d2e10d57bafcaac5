package dev.jumbo.spark.corpus.input;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** Where documents come from. Implementations are records with a {@link dev.jumbo.config.Kind}. */
public sealed interface Input extends Serializable
        permits TextInput, JsonLinesInput, CsvInput, ParquetInput, WarcInput, TarInput, JdbcInput {
    /**
     * The parts that tasks read on their own, in the order of the corpus. An unchanged input gives the same parts.
     *
     * @param first number of the first file; every file takes one
     * @throws dev.jumbo.error.InputException if there is nothing to read
     */
    List<FileSplit> splits(int first);

    /** The reason where a part cannot be opened or read on. */
    default String damaged() {
        return "read.unreadable";
    }

    /**
     * Begins to read a part.
     *
     * @param limit bytes of the longest document that is read; a longer one goes to the quarantine
     * @throws IOException if it cannot be opened
     */
    Reading open(FileSplit split, int limit) throws IOException;
}
