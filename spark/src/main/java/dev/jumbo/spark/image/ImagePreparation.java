package dev.jumbo.spark.image;

import dev.jumbo.config.ConfigDocument;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.spark.SparkMaster;
import org.apache.spark.sql.SparkSession;

/** {@code jumbo prepare --master} of files with a section {@code images}. */
public final class ImagePreparation implements ClusterPreparation {
    private static final String SECTION = "images";

    @Override
    public String expected() {
        return "a section \"images\" for images";
    }

    @Override
    public boolean accepts(ConfigDocument document) {
        return document.tree().has(SECTION);
    }

    @Override
    public Result prepare(Job job) {
        ImagesConfig config = ImagesConfig.read(job.document());
        // Left open: it ends with the process, whose other work may be using it.
        SparkSession spark = new SparkMaster(job.master(), job.settings()).open("jumbo prepare");
        ImageReport report = ImageRun.run(config, spark, job.out(), job.progress());
        return new Result(report.text() + "\nthe shards are in " + job.out().resolve("shards"), report.tree());
    }
}
