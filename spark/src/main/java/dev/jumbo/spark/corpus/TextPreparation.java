package dev.jumbo.spark.corpus;

import dev.jumbo.config.ConfigDocument;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.spark.SparkMaster;
import dev.jumbo.spark.corpus.report.CorpusReport;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** {@code jumbo prepare --master} of files with a section {@code corpus}. */
public final class TextPreparation implements ClusterPreparation {
    private static final String SECTION = "corpus";

    /** Of Spark, where the user does not say otherwise. */
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.sql.parquet.compression.codec", "zstd",
            "spark.sql.files.ignoreCorruptFiles", "false");

    @Override
    public String expected() {
        return "a section \"corpus\" for text";
    }

    @Override
    public boolean accepts(ConfigDocument document) {
        return document.tree().has(SECTION);
    }

    @Override
    public Result prepare(Job job) {
        CorpusConfig config = CorpusConfig.read(job.document());
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.putAll(job.settings());
        // Left open: it ends with the process, whose other work may be using it.
        SparkSession spark = new SparkMaster(job.master(), settings).open("jumbo prepare");
        CorpusReport report = CorpusRun.run(config, spark, job.out(), job.progress());
        return new Result(report.text() + "\nthe result is in " + job.out(), report.tree());
    }
}
