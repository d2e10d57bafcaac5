package dev.jumbo.spark.corpus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Records;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.PipelineStage;
import dev.jumbo.spark.corpus.input.Input;
import dev.jumbo.spark.corpus.shard.TokenOutput;
import dev.jumbo.spark.corpus.stage.Stages;
import dev.jumbo.spark.corpus.tokenizer.TokenizerOutput;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The section {@code corpus} of a file: what is read, what it goes through, and what comes out. */
@Doc("A text corpus: what is read, what it goes through, and what comes out.")
public record CorpusConfig(
        @Doc("Where documents come from, in order: of equal documents the first stays.")
        List<Input> inputs,

        @Doc("What documents go through, in order.") @Default("[]")
        List<PipelineStage> stages,

        @Doc("What is written.") @Default("{}") Output output,

        @Doc("Decides the order of the documents in token shards.") @Default("17")
        long seed,

        @Doc(
                "The share of documents that cannot be read, or on which a step fails, above which the run stops. A file of"
                        + " which the rest cannot be read counts as one.")
        @Default("0.05")
        double maxBadShare,

        @Doc("Megabytes (2^20 bytes) of the longest document that is read.") @Default("32.0")
        double maxDocumentMb,

        @Doc("Keep what each stage wrote, so that a changed configuration runs only what changed.") @Default("true")
        boolean keepStages) {
    private static final int MAX_DOCUMENT_MB = 1024;
    private static final int MEGABYTE = 1 << 20;

    /** What is written. */
    public record Output(
            @Doc("Parquet files of the documents, in documents/.") @Default("true")
            boolean documents,

            @Doc("Token shards, in tokens/; null for none.") @Default("null") @Nullable
            TokenOutput tokens,

            @Doc("A tokenizer that the documents train, in tokenizer/; null for none.") @Default("null") @Nullable
            TokenizerOutput tokenizer) {
        public Output {
            if (!documents && tokens == null && tokenizer == null) {
                throw new InputException("output: expected documents, tokens, a tokenizer or several of them, received"
                        + " none; add tokens, or set documents: true");
            }
            if (tokens != null && tokens.tokenizer() == null && tokenizer == null) {
                throw new InputException(
                        "output.tokens: expected a tokenizer, received none; name one (tokenizer: bytes, or"
                                + " {pretrained: {path: DIR}}), or let the documents train one (output.tokenizer)");
            }
        }
    }

    /** A file with one section. */
    @Doc("Preparation of a text corpus.")
    private record CorpusFile(@Doc("The corpus.") CorpusConfig corpus) {}

    public CorpusConfig {
        inputs = List.copyOf(inputs);
        stages = List.copyOf(stages);
        if (inputs.isEmpty()) {
            throw new InputException("corpus.inputs: expected one input or more, received none");
        }
        if (!(maxBadShare >= 0 && maxBadShare <= 1)) {
            throw new InputException("corpus.max_bad_share: expected 0 to 1, received " + maxBadShare);
        }
        if (!(maxDocumentMb * MEGABYTE >= 1 && maxDocumentMb <= MAX_DOCUMENT_MB)) {
            throw new InputException(
                    "corpus.max_document_mb: expected above 0 to " + MAX_DOCUMENT_MB + ", received " + maxDocumentMb);
        }
        TokenOutput tokens = output.tokens();
        if (tokens != null && !tokens.hasRoomFor(bytes(maxDocumentMb))) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "corpus.max_document_mb: expected documents that fit a shard of tokens.shard_mb %s (two bytes for each"
                            + " byte of text), received up to %s; set max_document_mb to %.4f or less, or shard_mb to"
                            + " %.4f or more",
                    tokens.shardMb(),
                    maxDocumentMb,
                    Math.floor(tokens.shardMb() / 2 * 1e4 - 1) / 1e4,
                    Math.ceil(maxDocumentMb * 2 * 1e4 + 1) / 1e4));
        }
    }

    /** @throws InputException with file, line and key at what does not fit */
    public static CorpusConfig read(ConfigDocument document) {
        return records().read(CorpusFile.class, document).corpus();
    }

    /** JSON Schema of files with a section {@code corpus}. */
    public static ObjectNode schema() {
        return records().schema("Jumbo text corpus", CorpusFile.class);
    }

    static Records records() {
        return Stages.records();
    }

    int maxDocumentBytes() {
        return bytes(maxDocumentMb);
    }

    private static int bytes(double megabytes) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, (long) (megabytes * MEGABYTE));
    }
}
