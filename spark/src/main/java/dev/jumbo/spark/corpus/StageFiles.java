package dev.jumbo.spark.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.config.YamlText;
import dev.jumbo.files.Durable;
import dev.jumbo.spark.Directories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * What a stage wrote: {@code .stages/NN-name-HASH/} with {@code data} (Parquet, Zstandard), and {@code _DONE}, written
 * last, with what the stage reported. The hash is of the stage's configuration, of everything before it, and of the code,
 * so a stage that is done is found again by its name, and a change finds nothing.
 */
public final class StageFiles {
    private static final String DONE = "_DONE";
    /** Characters of a hash in a name. */
    private static final int HASH = 12;

    private final String name;
    private final String key;
    private final Path directory;

    /**
     * @param stages the directory of all stages
     * @param name number and kind
     * @param key what it does, and to what
     */
    public StageFiles(Path stages, String name, String key) {
        this.name = name;
        this.key = key;
        String hash = Fingerprints.of(CodeVersion.current(), key).substring(0, HASH);
        directory = stages.resolve(name + "-" + hash).toAbsolutePath();
    }

    public String name() {
        return name;
    }

    /** Everything that decides this stage's output, for the stages behind. */
    public String key() {
        return key;
    }

    public Path directory() {
        return directory;
    }

    public boolean isDone() {
        return Files.exists(directory.resolve(DONE));
    }

    /** What the stage reported. */
    public <T> T report(Class<T> type) {
        return Records.of().read(type, YamlFile.read(directory.resolve(DONE)));
    }

    /** Deletes what an interrupted run left. @return an empty directory for what lies between */
    public Path begin() {
        Directories.fresh(directory);
        return Directories.create(directory.resolve("work"));
    }

    /** Writes the stage's output. */
    public void write(Dataset<Row> rows) {
        rows.write().mode(SaveMode.Overwrite).option("compression", "zstd").parquet(data());
    }

    /** The stage's output. */
    public Dataset<Row> read(SparkSession spark, StructType schema) {
        return spark.read().schema(schema).parquet(data());
    }

    /** Deletes all stages but some. */
    public static void keepOnly(Path stages, Collection<StageFiles> kept) {
        Set<Path> directories = kept.stream().map(StageFiles::directory).collect(Collectors.toSet());
        Directories.list(stages).stream()
                .filter(stage -> !directories.contains(stage.toAbsolutePath()))
                .forEach(Directories::delete);
    }

    /** Deletes what a run that failed began and did not finish. @param out the output's directory */
    static void deleteUnfinished(Path out) {
        for (Path stage : Directories.list(out.resolve(".stages"))) {
            if (!Files.exists(stage.resolve(DONE))) {
                Directories.delete(stage);
            }
        }
        Directories.delete(out.resolve(".draft"));
        Directories.delete(out.resolve(".quarantine"));
    }

    private String data() {
        return Directories.forSpark(directory.resolve("data"));
    }

    /** Declares the output complete. */
    public <T> void finish(Class<T> type, T report) {
        Directories.delete(directory.resolve("work"));
        JsonNode tree = Records.of().write(type, report);
        Durable.writeOrFail(directory.resolve(DONE), YamlText.json(tree));
    }
}
