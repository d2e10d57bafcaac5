package dev.jumbo.spark.image;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.jumbo.config.YamlText;
import dev.jumbo.data.shards.TarManifest;
import dev.jumbo.error.FailureException;
import dev.jumbo.files.Durable;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.corpus.Failures;
import dev.jumbo.spark.corpus.Fingerprints;
import dev.jumbo.spark.corpus.OutputLock;
import dev.jumbo.spark.corpus.StageFiles;
import dev.jumbo.spark.corpus.document.Fate;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.StageReport;
import dev.jumbo.spark.corpus.report.Tally;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Does what an {@link ImagesConfig} says. Decoding is a stage, which an interrupted run need not repeat; {@code shards/}
 * appears when it is complete, and {@code report.json} last.
 */
final class ImageRun {
    private static final String SHARDS = "shards";
    private static final String QUARANTINE = "quarantine";
    private static final String REPORT = "report.json";
    private static final String PAGE = "report.html";
    private static final String STAGES = ".stages";

    private final ImagesConfig config;
    private final SparkSession spark;
    private final Path out;
    private final Consumer<String> progress;

    private ImageRun(ImagesConfig config, SparkSession spark, Path out, Consumer<String> progress) {
        this.config = config;
        this.spark = spark;
        this.out = out.toAbsolutePath();
        this.progress = progress;
    }

    /**
     * Prepares images.
     *
     * @param out directory of the result, on a file system that all machines share
     * @throws dev.jumbo.error.InputException if the input does not fit
     * @throws FailureException if too many images cannot be used, or Spark fails
     */
    static ImageReport run(ImagesConfig config, SparkSession spark, Path out, Consumer<String> progress) {
        Directories.create(out);
        try (OutputLock lock = OutputLock.take(out)) {
            return new ImageRun(config, spark, out, progress).runOrCleanUp();
        }
    }

    private ImageReport runOrCleanUp() {
        try {
            return run();
        } catch (Exception e) { // Spark throws exceptions that Scala does not declare.
            throw Failures.of(e, out);
        }
    }

    private ImageReport run() {
        ImageInput.Found found = config.input().find(spark);
        Decoding decoding = Decoding.of(config);
        StageFiles stage =
                new StageFiles(out.resolve(STAGES), "00-decode", Fingerprints.of(found.key(), decoding.toString()));
        StageReport decoded = decode(stage, found, decoding);
        progress.accept(decoded.line());
        stopIfTooBad(stage, decoded);

        long start = System.nanoTime();
        Dataset<Row> kept =
                stage.read(spark, Example.schema()).filter(col("fate").equalTo(Fate.KEPT.name()));
        List<ImageReport.ClassCount> counts =
                kept.groupBy("label").agg(count(lit(1))).orderBy("label").collectAsList().stream()
                        .map(row -> new ImageReport.ClassCount(row.getString(0), row.getLong(1)))
                        .toList();
        List<String> classes =
                found.classes(counts.stream().map(ImageReport.ClassCount::name).toList());
        Path draft = Directories.fresh(out.resolve(".draft"));
        TarManifest manifest = ImageShards.write(
                kept, classes, Directories.create(draft.resolve(SHARDS)), config.seed(), (long) config.shardMb() << 20);
        ImageReport report = ImageReport.of(
                decoded,
                spark.sparkContext().defaultParallelism(),
                counts,
                manifest.shards().size(),
                seconds(start));
        Durable.writeOrFail(draft.resolve(PAGE), report.page());
        Durable.writeOrFail(draft.resolve(REPORT), YamlText.json(report.tree()));
        publish(draft, stage, decoded.quarantined() == 0);
        return report;
    }

    /** Decodes all images, or finds it done. */
    private StageReport decode(StageFiles stage, ImageInput.Found found, Decoding decoding) {
        if (stage.isDone()) {
            return stage.report(StageReport.class).again();
        }
        long start = System.nanoTime();
        stage.begin();
        stage.write(found.examples(decoding));
        StageReport report = Tally.of(stage.read(spark, Example.schema())).report(stage.name(), seconds(start));
        stage.finish(StageReport.class, report);
        return report;
    }

    private void stopIfTooBad(StageFiles stage, StageReport decoded) {
        if (decoded.quarantined() > 0) {
            Path draft = out.resolve(".quarantine");
            stage.read(spark, Example.schema())
                    .filter(col("fate").equalTo(Fate.QUARANTINED.name()))
                    .select("id", "source", "reason", "detail")
                    .orderBy("id")
                    .coalesce(1)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .json(Directories.forSpark(draft));
            Directories.move(draft, out.resolve(QUARANTINE));
        }
        double share = CorpusReport.badShare(List.of(decoded));
        if (share > config.maxBadShare() || decoded.kept() == 0) {
            String most = decoded.reasons().stream()
                    .findFirst()
                    .map(r -> r.name() + " " + r.documents() + " times, as at "
                            + r.samples().get(0).source() + " ("
                            + r.samples().get(0).detail() + ")")
                    .orElse("there are none");
            throw new FailureException(String.format(
                    Locale.ROOT,
                    "%.2f %% of %,d images cannot be used, more than max_bad_share %s allows: %s; nothing was published;"
                            + " see %s",
                    100 * share,
                    decoded.read(),
                    config.maxBadShare(),
                    most,
                    out.resolve(QUARANTINE)));
        }
    }

    private void publish(Path draft, StageFiles stage, boolean allGood) {
        Directories.publish(draft, out, allGood ? List.of(SHARDS, PAGE, QUARANTINE) : List.of(SHARDS, PAGE), REPORT);
        StageFiles.keepOnly(out.resolve(STAGES), config.keepStages() ? List.of(stage) : List.of());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
