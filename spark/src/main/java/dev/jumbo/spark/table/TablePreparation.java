package dev.jumbo.spark.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.prepare.CleanCopy;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.files.Durable;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.SparkMaster;
import dev.jumbo.spark.corpus.Failures;
import dev.jumbo.spark.corpus.OutputLock;
import dev.jumbo.spark.corpus.StageFiles;
import dev.jumbo.train.checkpoint.Kinds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** {@code jumbo prepare --master} of tables: {@code data.dataset.table}. */
public final class TablePreparation implements ClusterPreparation {
    static final String REPORT = "report.json";
    static final String STAGES = ".stages";

    private static final String PLACE = "/data/dataset/table";
    private static final String PAGE = "report.html";
    /** All that can be there besides the report. */
    private static final List<String> RESULTS = List.of(
            "clean-train.csv",
            "clean-test.csv",
            "quarantine-train.csv",
            "quarantine-test.csv",
            TableData.MALFORMED_TRAIN,
            TableData.MALFORMED_TEST,
            PAGE);

    @Override
    public String expected() {
        return "data.dataset.table for tables";
    }

    @Override
    public boolean accepts(ConfigDocument document) {
        return document.tree().at(PLACE).isObject();
    }

    /**
     * Cleans the tables and writes {@code clean-train.csv}, {@code clean-test.csv}, {@code report.json} and {@code
     * report.html}, as one machine does, and compares with a clean copy where there is one. All of it appears when it is
     * complete, the report last.
     */
    @Override
    public Result prepare(Job job) {
        JsonNode tree = job.document().tree().at(PLACE);
        TableData data = Kinds.records().read(TableData.class, job.document().name(), tree);
        Path out = Directories.create(job.out()).toAbsolutePath();
        SparkSession spark = new SparkMaster(job.master(), job.settings()).open("jumbo prepare");
        try (OutputLock lock = OutputLock.take(out)) {
            return prepare(spark, out, data, job);
        }
    }

    private static Result prepare(SparkSession spark, Path out, TableData data, Job job) {
        try {
            Path draft = Directories.fresh(out.resolve(".draft"));
            TableRun run = new TableRun(spark, out, draft, data, job.progress());
            ObjectNode report = JsonNodeFactory.instance.objectNode();
            List<String> lines = new ArrayList<>();
            clean(run, "train", data.train(), data.compare(), report, lines);
            TableSource test = data.test();
            if (test != null) {
                clean(run, "test", test, null, report, lines);
            }
            Durable.writeOrFail(draft.resolve(PAGE), TablePage.of(report));
            Durable.writeOrFail(draft.resolve(REPORT), report.toPrettyString() + "\n");
            Directories.publish(draft, out, RESULTS, REPORT);
            StageFiles.keepOnly(out.resolve(STAGES), run.reusable());
            return new Result(String.join("\n", lines), report);
        } catch (Exception e) { // Spark throws exceptions that Scala does not declare.
            throw Failures.of(e, out);
        }
    }

    private static void clean(
            TableRun run,
            String name,
            TableSource source,
            @Nullable CleanCopy compare,
            ObjectNode report,
            List<String> lines) {
        CleaningReport done = run.run(name, source, compare);
        done.requireRows(name);
        report.set(name, Kinds.records().write(CleaningReport.class, done));
        lines.add(name + ": " + done.text());
    }
}
