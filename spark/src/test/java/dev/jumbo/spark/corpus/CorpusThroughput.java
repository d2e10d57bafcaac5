package dev.jumbo.spark.corpus;

import dev.jumbo.config.YamlFile;
import dev.jumbo.spark.SparkMaster;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Documents and megabytes a second and core of every stage, on one core and on two. Started by {@code benchmarks/corpus
 * throughput}.
 */
final class CorpusThroughput {
    private static final String PIPELINE = """
              stages:
                - language
                - gopher_repetition
                - gopher_quality
                - c4_quality
                - fineweb_quality
                - private_data
                - exact_dedup
                - minhash_dedup
              output:
                tokens: {tokenizer: bytes, shard_mb: 64}
            """;
    private static final int WORDS = 220;
    private static final double MEGABYTE = 1e6;

    private CorpusThroughput() {}

    /** @param args number of documents that are made, or of copies of an archive; the archive (a tar of texts in Latin-1) if there is one */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[0]);
        Path work = Files.createTempDirectory("jumbo-throughput");
        try {
            run(inputs(count / 10, args, work.resolve("warm")), work, 2); // What the JVM compiles, it compiles here.
            String inputs = inputs(count, args, work.resolve("corpus"));
            CorpusReport one = run(inputs, work, 1);
            CorpusReport two = run(inputs, work, 2);
            print(one, two);
        } finally {
            Directories.delete(work);
        }
    }

    private static String inputs(int count, String[] args, Path folder) throws IOException {
        StringBuilder yaml = new StringBuilder("corpus:\n  inputs:\n");
        if (args.length < 2) {
            Corpora.write(folder.resolve("made.txt"), Corpora.lines(Math.max(100, count), WORDS, 1));
            return yaml.append("    - text: ").append(folder).append("\n").toString();
        }
        Files.createDirectories(folder);
        for (int i = 0; i < Math.max(1, count); i++) {
            Files.createLink(folder.resolve(i + ".tar.gz"), Path.of(args[1]));
        }
        return yaml.append("    - tar: {path: ")
                .append(folder)
                .append(", charset: ISO-8859-1}\n")
                .toString();
    }

    private static CorpusReport run(String inputs, Path work, int cores) throws IOException {
        CorpusConfig config = CorpusConfig.read(YamlFile.parse("throughput", inputs + PIPELINE));
        Path out = Directories.fresh(work.resolve("out"));
        String master = "local[" + cores + "]";
        try (SparkSession spark = new SparkMaster(master, Map.of()).open("throughput")) {
            return CorpusRun.run(config, spark, out, line -> {});
        }
    }

    private static void print(CorpusReport one, CorpusReport two) {
        System.out.println("                           one core                    two cores, each");
        System.out.println("stage                      documents/s       MB/s      documents/s       MB/s   speed-up");
        List<StageReport> all = new ArrayList<>(one.stages());
        for (int i = 0; i < all.size(); i++) {
            StageReport a = all.get(i);
            StageReport b = two.stages().get(i);
            line(a.name(), a.read(), a.bytesRead(), a.seconds(), b.seconds());
        }
        CorpusReport.Tokens tokens = one.tokens();
        CorpusReport.Tokens of2 = two.tokens();
        if (tokens != null && of2 != null) {
            line(
                    "tokens and shards",
                    tokens.documents(),
                    all.get(all.size() - 1).bytesKept(),
                    tokens.seconds(),
                    of2.seconds());
        }
        double first = all.stream().mapToDouble(StageReport::seconds).sum();
        double second = two.stages().stream().mapToDouble(StageReport::seconds).sum();
        line("all stages", all.get(0).read(), all.get(0).bytesRead(), first, second);
    }

    private static void line(String name, long documents, long bytes, double one, double two) {
        System.out.println(String.format(
                Locale.ROOT,
                "%-24s %,13.0f %,10.2f %,16.0f %,10.2f %,10.2f",
                name,
                documents / one,
                bytes / MEGABYTE / one,
                documents / two / 2,
                bytes / MEGABYTE / two / 2,
                one / two));
    }
}
