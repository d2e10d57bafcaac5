package dev.jumbo.spark.corpus;

import dev.jumbo.config.YamlFile;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.corpus.report.CorpusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small corpora for tests, and runs of them. */
final class Corpora {
    private static final String[] WORDS =
            ("the of and to in a is that for it as was with be by on not he his but at are this"
                            + " have from or had an they which one you were her all she there would their we him been has when"
                            + " river stone window garden winter letter paper market water bridge music colour morning engine")
                    .split(" ");

    private Corpora() {}

    /** Sentences of common words. */
    static String prose(Random random, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(i % 12 == 11 ? ". " : " ");
        }
        return text.append("end.").toString();
    }

    /** One document a line. */
    static List<String> lines(int count, int words, long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(i + " " + prose(random, words));
        }
        return lines;
    }

    static Path write(Path file, List<String> lines) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.write(file, lines);
    }

    /** Runs a configuration, given as YAML, on the session of all tests. */
    static CorpusReport run(String yaml, Path out) {
        CorpusConfig config = CorpusConfig.read(YamlFile.parse("test.yaml", yaml));
        return CorpusRun.run(config, LocalSpark.session(), out, line -> {});
    }
}
