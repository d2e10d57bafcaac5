package dev.jumbo.spark.corpus;

import com.sun.management.OperatingSystemMXBean;
import dev.jumbo.config.YamlFile;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.SparkMaster;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.StageReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
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
                tokens: {tokenizer: bytes, shard_mb: 128}
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
            Measured one = run(inputs, work, 1);
            Measured two = run(inputs, work, 2);
            print(one, two);
        } finally {
            Directories.delete(work);
        }
    }

    private static String inputs(int count, String[] args, Path folder) throws IOException {
        StringBuilder yaml = new StringBuilder("corpus:\n  inputs:\n");
        if (args.length < 2) {
            Corpora.write(folder.resolve("made.jsonl"), made(Math.max(100, count)));
            return yaml.append("    - json_lines: ").append(folder).append("\n").toString();
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

    /** Documents that the rules keep: sentences of common words, one on each line. */
    private static List<String> made(int count) {
        Random random = new Random(1);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String prose = Corpora.prose(random, WORDS);
            String text = Arrays.stream(prose.split("\\. "))
                    .map(sentence -> "Here " + sentence.strip() + ".")
                    .collect(Collectors.joining("\\n"));
            documents.add("{\"text\": \"" + text + "\"}");
        }
        return documents;
    }

    /**
     * What a run took.
     *
     * @param cpu seconds of processors, for each stage and the token shards behind: what others on the machine take does
     *     not count
     */
    private record Measured(CorpusReport report, List<Double> cpu) {}

    private static Measured run(String inputs, Path work, int cores) throws IOException {
        CorpusConfig config = CorpusConfig.read(YamlFile.parse("throughput", inputs + PIPELINE));
        Path out = Directories.fresh(work.resolve("out"));
        List<Double> cpu = new ArrayList<>();
        try (SparkSession spark = new SparkMaster("local[" + cores + "]", Map.of()).open("throughput")) {
            double[] before = {cpuSeconds()};
            CorpusReport report = CorpusRun.run(config, spark, out, line -> {
                double now = cpuSeconds();
                cpu.add(now - before[0]);
                before[0] = now;
            });
            return new Measured(report, cpu);
        }
    }

    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    private static void print(Measured one, Measured two) {
        System.out.println("                           per second of a core          elapsed seconds");
        System.out.println("stage                      documents         MB     one core  two cores   speed-up");
        List<StageReport> stages = one.report().stages();
        double first = 0;
        double second = 0;
        for (int i = 0; i < stages.size(); i++) {
            StageReport stage = stages.get(i);
            double two2 = two.report().stages().get(i).seconds();
            line(stage.name(), stage.read(), stage.bytesRead(), one.cpu().get(i), stage.seconds(), two2);
            first += stage.seconds();
            second += two2;
        }
        CorpusReport.Tokens a = one.report().tokens();
        CorpusReport.Tokens b = two.report().tokens();
        if (a != null && b != null) {
            long bytes = stages.get(stages.size() - 1).bytesKept();
            line("tokens and shards", a.documents(), bytes, one.cpu().get(stages.size()), a.seconds(), b.seconds());
            first += a.seconds();
            second += b.seconds();
        }
        double cpu = one.cpu().stream().mapToDouble(Double::doubleValue).sum();
        line("all", stages.get(0).read(), stages.get(0).bytesRead(), cpu, first, second);
    }

    private static void line(String name, long documents, long bytes, double cpu, double one, double two) {
        System.out.println(String.format(
                Locale.ROOT,
                "%-24s %,11.0f %,10.2f %,12.2f %,10.2f %,10.2f",
                name,
                documents / cpu,
                bytes / MEGABYTE / cpu,
                one,
                two,
                one / two));
    }
}
