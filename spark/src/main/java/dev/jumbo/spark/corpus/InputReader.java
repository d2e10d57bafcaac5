package dev.jumbo.spark.corpus;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.error.JumboException;
import dev.jumbo.spark.Absolute;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.input.FileSplit;
import dev.jumbo.spark.corpus.input.Input;
import dev.jumbo.spark.corpus.input.JdbcInput;
import dev.jumbo.spark.corpus.input.Reading;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;

/** All inputs of a corpus as rows of {@link Entry}. */
final class InputReader {
    /** Parts for each core, so that the last ones do not wait for a long one. */
    private static final int PARTS_PER_CORE = 4;
    /** Bytes of input files for a task at most, where they are many and small. */
    private static final long TASK_BYTES = 64L << 20;

    /** Files that a report names. */
    private static final int SHOWN = 3;

    private final List<Portion> parts = new ArrayList<>();
    private final int limit;

    /** A part of a file and whose it is. */
    private record Portion(Input input, FileSplit split) implements Serializable {}

    InputReader(CorpusConfig config) {
        limit = config.maxDocumentBytes();
        int file = 0;
        for (Input input : config.inputs()) {
            for (FileSplit split : input.splits(file)) {
                parts.add(new Portion(input, split));
                file = split.file() + 1;
            }
        }
    }

    /** Whether there is an input whose changes {@link #key} does not see. */
    boolean readsDatabase() {
        return parts.stream().anyMatch(part -> part.input() instanceof JdbcInput);
    }

    /** Everything that decides what is read, but for the rows of a database. */
    String key() {
        return Fingerprints.of(
                parts.stream().map(Portion::toString).collect(Collectors.joining("\n", limit + "\n", "")));
    }

    /** For people: the first files, and how many more there are; a database without user and password. */
    List<String> sources() {
        List<String> files =
                parts.stream().map(part -> part.split().path()).distinct().toList();
        if (files.size() <= SHOWN) {
            return files;
        }
        List<String> shown = new ArrayList<>(files.subList(0, SHOWN));
        shown.add((files.size() - SHOWN) + " more");
        return shown;
    }

    Dataset<Row> read(SparkSession spark) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int wanted = PARTS_PER_CORE * context.defaultParallelism();
        long bytes = parts.stream()
                .mapToLong(p -> p.split().end() - p.split().start())
                .sum();
        int tasks = (int) Math.min(parts.size(), Math.max(wanted, bytes / TASK_BYTES));
        int most = limit;
        List<Portion> travelling = parts.stream()
                .map(part -> new Portion(Absolute.of(part.input()), part.split()))
                .toList();
        Dataset<Row> rows = spark.createDataset(
                context.parallelize(travelling, tasks)
                        .flatMap(part -> open(part, most))
                        .rdd(),
                Entry.encoder());
        // One large archive is read by one task, but what follows is for all.
        return tasks < wanted ? rows.repartition(wanted, col("id")) : rows;
    }

    private static Iterator<Row> open(Portion part, int limit) {
        Iterator<Entry> entries;
        try {
            Reading reading = part.input().open(part.split(), limit);
            TaskContext task = TaskContext.get();
            if (task != null) {
                task.addTaskCompletionListener((TaskCompletionListener) done -> reading.close());
            }
            entries = reading;
        } catch (JumboException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            entries = List.of(Reading.broken(part.split(), part.input().damaged(), e))
                    .iterator();
        }
        return rows(entries);
    }

    private static Iterator<Row> rows(Iterator<Entry> entries) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Row next() {
                return entries.next().row();
            }
        };
    }
}
