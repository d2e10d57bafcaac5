package dev.jumbo.spark.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Records;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.ReportPage;
import dev.jumbo.spark.corpus.report.StageReport;
import java.util.List;
import java.util.Locale;

/** What {@code report.json} holds. */
record ImageReport(
        @Doc("Version of this format: 1.") int format,

        @Doc("Reading and resizing; a document is an image here.")
        List<StageReport> stages,

        @Doc("Tasks that ran at once.") int cores,
        @Doc("Images that could not be used, of all.") double badShare,
        @Doc("The classes in the order of their names.") List<ClassCount> classes,
        @Doc("Number of shards.") int shards,
        @Doc("Seconds to write them.") double seconds) {
    private static final int FORMAT = 1;

    /** A class. */
    record ClassCount(
            @Doc("Its name, or its number.") String name,
            @Doc("Images of it.") long images) {}

    ImageReport {
        stages = List.copyOf(stages);
        classes = List.copyOf(classes);
    }

    static ImageReport of(StageReport stage, int cores, List<ClassCount> classes, int shards, double seconds) {
        List<StageReport> stages = List.of(stage);
        return new ImageReport(FORMAT, stages, cores, CorpusReport.badShare(stages), classes, shards, seconds);
    }

    JsonNode tree() {
        return Records.of().write(ImageReport.class, this);
    }

    /** The result in one line. */
    String text() {
        StageReport stage = stages.get(0);
        return String.format(
                Locale.ROOT,
                "%,d of %,d images kept (%.1f %%), %d classes, %d shards",
                stage.kept(),
                stage.read(),
                100.0 * stage.kept() / stage.read(),
                classes.size(),
                shards);
    }

    /** The report for people. */
    String page() {
        return ReportPage.of(ReportPage.Subject.IMAGES, text() + ".", stages, cores);
    }
}
