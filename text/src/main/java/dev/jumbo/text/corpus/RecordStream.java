package dev.jumbo.text.corpus;

import org.jspecify.annotations.Nullable;

/** Records of files, in order. One thread at a time; close it to let go of the files. */
public interface RecordStream extends AutoCloseable {
    /** Null behind the last one. @throws dev.jumbo.error.InputException for what is none, with its place */
    @Nullable
    CorpusRecord next();

    @Override
    void close();
}
