package dev.jumbo.text.chat;

import dev.jumbo.text.corpus.RecordReader;
import dev.jumbo.text.corpus.RecordStream;
import java.nio.file.Path;
import java.util.List;

/** How files have chats; each is read as records that {@link Chat#of(dev.jumbo.text.corpus.CorpusRecord)} takes. */
public enum ChatFormat {
    /** JSON lines, JSON arrays or Parquet, with {@code messages} or {@code conversations}. */
    RECORDS {
        @Override
        public RecordStream open(List<Path> files) {
            return new RecordReader(files);
        }
    },
    /** Text of numbered lines, as that of the bAbI dialogue tasks: {@link NumberedDialogues}. */
    BABI {
        @Override
        public RecordStream open(List<Path> files) {
            return new NumberedDialogues(files);
        }
    };

    /** The chats of files, one after the other. */
    public abstract RecordStream open(List<Path> files);
}
