package dev.jumbo.spark.corpus;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.substring_index;

import dev.jumbo.config.Records;
import dev.jumbo.config.YamlText;
import dev.jumbo.data.shards.TokenManifest;
import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.PipelineStage;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Fate;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.ReportPage;
import dev.jumbo.spark.corpus.report.StageReport;
import dev.jumbo.spark.corpus.report.Tally;
import dev.jumbo.spark.corpus.shard.Shards;
import dev.jumbo.spark.corpus.shard.TokenOutput;
import dev.jumbo.spark.corpus.stage.Stages;
import dev.jumbo.spark.corpus.tokenizer.CorpusWords;
import dev.jumbo.spark.corpus.tokenizer.TokenizerOutput;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.privacy.PrivateData;
import dev.jumbo.text.HuggingFaceTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Does what a {@link CorpusConfig} says. Stages that an earlier run finished are taken as they are; the output appears
 * under its names when all of it is there, and {@code report.json} last.
 */
public final class CorpusRun {
    private static final String DOCUMENTS = "documents";
    private static final String TOKENS = "tokens";
    private static final String TOKENIZER = "tokenizer";
    private static final String QUARANTINE = "quarantine";
    private static final String REPORT = "report.json";
    private static final String PAGE = "report.html";
    private static final String OTHER_LANGUAGE = "language.other";
    private static final String STAGES = ".stages";
    private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
    private static final long PARTITION_BYTES = 128L << 20;

    /** Bytes in a shuffle for a byte of a stage's file, which Zstandard packs more tightly. */
    private static final long EXPANSION = 2;

    private final CorpusConfig config;
    private final SparkSession spark;
    private final Path out;
    private final Consumer<String> progress;
    private final List<StageFiles> files = new ArrayList<>();
    private final List<StageReport> reports = new ArrayList<>();

    private CorpusRun(CorpusConfig config, SparkSession spark, Path out, Consumer<String> progress) {
        this.config = config;
        this.spark = spark;
        this.out = out.toAbsolutePath();
        this.progress = progress;
    }

    /**
     * Prepares a corpus.
     *
     * @param out directory of the result, on a file system that all machines share
     * @param progress takes a line for each stage
     * @return what {@code report.json} holds
     * @throws dev.jumbo.error.InputException if an input or a stage does not fit
     * @throws FailureException if too many documents cannot be read, or Spark fails
     */
    public static CorpusReport run(CorpusConfig config, SparkSession spark, Path out, Consumer<String> progress) {
        Directories.create(out);
        try (OutputLock lock = OutputLock.take(out)) {
            return new CorpusRun(config, spark, out, progress).runOrCleanUp();
        }
    }

    private CorpusReport runOrCleanUp() {
        try {
            return run();
        } catch (Exception e) { // Spark throws exceptions that Scala does not declare.
            throw Failures.of(e, out);
        }
    }

    private CorpusReport run() {
        InputReader reader = new InputReader(config);
        String database = reader.readsDatabase() ? Fingerprints.ofLastReport(out.resolve(REPORT)) : "";
        stage("read", Fingerprints.of(reader.key(), database), work -> reader.read(spark));
        int partitions = Integer.parseInt(spark.conf().get(SHUFFLE_PARTITIONS));
        spark.conf().set(SHUFFLE_PARTITIONS, partitions(partitions, Directories.bytes(last().directory())));
        for (PipelineStage stage : config.stages()) {
            Dataset<Row> documents = kept();
            String settings =
                    CorpusConfig.records().write(PipelineStage.class, stage).toString();
            String key = Fingerprints.of(last().key(), settings, Fingerprints.ofFiles((Record) stage));
            stage(Stages.name(stage), key, work -> Stages.run(stage, documents, work));
        }
        Path draft = Directories.fresh(out.resolve(".draft"));
        TokenizerOutput asked = config.output().tokenizer();
        TokenizerConfig trained = asked == null ? null : tokenizer(asked, draft.resolve(TOKENIZER));
        TokenOutput wanted = config.output().tokens();
        CorpusReport.Tokens tokens = null;
        if (wanted != null) {
            TokenizerConfig named = wanted.tokenizer() == null ? trained : wanted.tokenizer();
            tokens = tokens(wanted, Objects.requireNonNull(named), draft.resolve(TOKENS));
        }
        if (config.output().documents()) {
            documents(draft.resolve(DOCUMENTS));
        }
        if (reports.stream().anyMatch(r -> r.quarantined() > 0)) {
            quarantine();
        }
        CorpusReport report = CorpusReport.of(shown(), spark.sparkContext().defaultParallelism(), tokens)
                .of(
                        out.toString(),
                        reader.sources(),
                        ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")),
                        languages(),
                        otherLanguages());
        report.warning().ifPresent(warning -> progress.accept("WARNING: " + warning));
        Durable.writeOrFail(draft.resolve(PAGE), ReportPage.of(report));
        Durable.writeOrFail(draft.resolve(REPORT), YamlText.json(report.tree()));
        publish(draft, !reader.readsDatabase());
        return report;
    }

    private Map<String, Long> languages() {
        Column language = col("metadata").getItem(Document.LANGUAGE);
        return counts(files.get(reports.size() - 1)
                .read(spark, Entry.schema())
                .filter(col("fate").equalTo(Fate.KEPT.name()).and(language.isNotNull()))
                .groupBy(language)
                .count());
    }

    /** The code stands first in the details. */
    private Map<String, Long> otherLanguages() {
        Map<String, Long> all = new TreeMap<>();
        for (int i = 0; i < reports.size(); i++) {
            if (reports.get(i).reasons().stream().anyMatch(r -> r.name().equals(OTHER_LANGUAGE))) {
                counts(files.get(i)
                                .read(spark, Entry.schema())
                                .filter(col("reason").equalTo(OTHER_LANGUAGE))
                                .groupBy(substring_index(col("detail"), " ", 1))
                                .count())
                        .forEach((code, count) -> all.merge(code, count, Long::sum));
            }
        }
        return all;
    }

    private static Map<String, Long> counts(Dataset<Row> rows) {
        Map<String, Long> counts = new TreeMap<>();
        rows.collectAsList().forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }

    /** So many that the part of each task fits into memory whatever the corpus; Spark joins those that turn out small. */
    static long partitions(int set, long bytes) {
        return Math.max(set, (bytes * EXPANSION + PARTITION_BYTES - 1) / PARTITION_BYTES);
    }

    /** Runs a stage, or finds it done. */
    private void stage(String kind, String key, Function<Path, Dataset<Row>> work) {
        StageFiles stage =
                new StageFiles(out.resolve(STAGES), String.format(Locale.ROOT, "%02d-%s", files.size(), kind), key);
        StageReport report;
        if (stage.isDone()) {
            report = stage.report(StageReport.class).again();
        } else {
            long start = System.nanoTime();
            stage.write(work.apply(stage.begin()));
            Tally tally = Tally.of(stage.read(spark, Entry.schema()));
            report = tally.report(stage.name(), seconds(start));
            stage.finish(StageReport.class, report);
        }
        files.add(stage);
        reports.add(report);
        progress.accept(report.line());
        stopIfTooBad();
    }

    /** The last stage that gave documents; what is trained on them and made of them stands behind it. */
    private StageFiles last() {
        return files.get(reports.size() - 1);
    }

    /** The documents that the last stage kept. */
    private Dataset<Row> kept() {
        return last().read(spark, Entry.schema()).filter(col("fate").equalTo(Fate.KEPT.name()));
    }

    private void stopIfTooBad() {
        double share = CorpusReport.badShare(reports);
        boolean stop = share > config.maxBadShare();
        StageReport report = reports.get(reports.size() - 1);
        if (stop) {
            quarantine();
            String most = report.reasons().stream()
                    .filter(r -> r.fate() == Fate.QUARANTINED)
                    .map(r -> r.name() + " " + r.documents() + " times, as at "
                            + r.samples().get(0).source() + " ("
                            + r.samples().get(0).detail() + ")")
                    .findFirst()
                    .orElse("");
            throw new FailureException(String.format(
                    Locale.ROOT,
                    "%.2f %% of the documents are bad after %s, more than max_bad_share %s allows: %s; nothing was"
                            + " published; see %s",
                    100 * share,
                    report.name(),
                    config.maxBadShare(),
                    most,
                    out.resolve(QUARANTINE)));
        }
    }

    /** What stages did; samples are without what the pipeline takes out of texts, also of documents dropped before. */
    private List<StageReport> shown() {
        UnaryOperator<String> mask = UnaryOperator.identity();
        for (PipelineStage stage : config.stages()) {
            if (stage instanceof PrivateData step) {
                UnaryOperator<String> before = mask;
                mask = text -> step.hide(before.apply(text));
            }
        }
        UnaryOperator<String> all = mask;
        return reports.stream().map(report -> report.masked(all)).toList();
    }

    /** What all stages so far could not work on, as JSON lines. */
    private void quarantine() {
        Path draft = out.resolve(".quarantine");
        Directories.delete(draft);
        for (int i = 0; i < reports.size(); i++) {
            if (reports.get(i).quarantined() == 0) {
                continue;
            }
            files.get(i)
                    .read(spark, Entry.schema())
                    .filter(col("fate").equalTo(Fate.QUARANTINED.name()))
                    .select("id", "source", "reason", "detail", "excerpt")
                    .coalesce(1)
                    .write()
                    .mode(SaveMode.Append)
                    .json(Directories.forSpark(draft));
        }
        Directories.move(draft, out.resolve(QUARANTINE));
    }

    /** Tokens of each document first, as a stage that is not run again; then the shards. */
    private CorpusReport.Tokens tokens(TokenOutput output, TokenizerConfig tokenizer, Path directory) {
        long start = System.nanoTime();
        String settings = Records.of().write(TokenizerConfig.class, tokenizer).toString();
        String sha = Fingerprints.ofFiles((Record) tokenizer);
        Shards shards = new Shards(output.with(tokenizer), Stages.name(tokenizer), sha, config.seed());
        Dataset<Row> documents = kept();
        StageFiles stage = new StageFiles(
                out.resolve(STAGES),
                String.format(Locale.ROOT, "%02d-tokenize", files.size()),
                Fingerprints.of(last().key(), settings, sha, Long.toString(config.seed())));
        if (!stage.isDone()) {
            stage.begin();
            stage.write(shards.tokenize(documents));
            stage.finish(TokenOutput.class, output);
        }
        files.add(stage);
        TokenManifest manifest = shards.write(
                stage.read(spark, Shards.schema()), Directories.create(directory), id -> source(documents, id));
        CorpusReport.Tokens tokens = new CorpusReport.Tokens(
                Stages.name(tokenizer),
                manifest.shards().size(),
                manifest.documents(),
                manifest.tokens(),
                seconds(start));
        progress.accept(String.format(
                Locale.ROOT,
                "%-24s %,12d tokens in %d shards; %.1f s",
                stage.name(),
                tokens.tokens(),
                tokens.shards(),
                tokens.seconds()));
        return tokens;
    }

    /** Counts words first, as a stage that is not run again; then trains, and writes the tokenizer beside them. */
    private TokenizerConfig tokenizer(TokenizerOutput output, Path directory) {
        long start = System.nanoTime();
        String settings = Records.of().write(TokenizerOutput.class, output).toString();
        StageFiles stage = new StageFiles(
                out.resolve(STAGES),
                String.format(Locale.ROOT, "%02d-train_tokenizer", files.size()),
                Fingerprints.of(last().key(), settings));
        Path made = stage.directory().resolve(TOKENIZER);
        if (!stage.isDone()) {
            stage.begin();
            stage.write(CorpusWords.count(kept(), output));
            CorpusWords.train(stage.read(spark, CorpusWords.SCHEMA), output).save(made);
            stage.finish(TokenizerOutput.class, output);
        }
        Directories.copy(made, directory);
        TokenizerConfig trained = new HuggingFaceTokens(
                made.resolve("tokenizer.json"), output.trainer().endOfDocument());
        try (Tokenizer opened = trained.open()) {
            progress.accept(String.format(
                    Locale.ROOT,
                    "%-24s %,12d tokens in the vocabulary; %.1f s",
                    stage.name(),
                    opened.vocabularySize(),
                    seconds(start)));
        }
        files.add(stage);
        return trained;
    }

    private static String source(Dataset<Row> documents, long id) {
        return documents.filter(col("id").equalTo(id)).select("source").head().getString(0);
    }

    private void documents(Path directory) {
        last().read(spark, Entry.schema())
                .filter(col("fate").equalTo(Fate.KEPT.name()))
                .select("id", "source", "text", "metadata")
                .write()
                .option("compression", "zstd")
                .parquet(Directories.forSpark(directory));
    }

    /** @param again whether a later run may take these stages */
    private void publish(Path draft, boolean again) {
        List<String> names = new ArrayList<>(List.of(DOCUMENTS, TOKENS, TOKENIZER, PAGE));
        if (reports.stream().allMatch(r -> r.quarantined() == 0)) {
            names.add(QUARANTINE);
        }
        Directories.publish(draft, out, names, REPORT);
        StageFiles.keepOnly(out.resolve(STAGES), again && config.keepStages() ? files : List.of());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
