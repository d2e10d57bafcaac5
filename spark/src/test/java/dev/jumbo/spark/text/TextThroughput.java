package dev.jumbo.spark.text;

import com.sun.management.OperatingSystemMXBean;
import dev.jumbo.spark.text.decontaminate.NgramIndex;
import dev.jumbo.spark.text.dedup.Hash128;
import dev.jumbo.spark.text.dedup.MinHash;
import dev.jumbo.spark.text.extract.MainText;
import dev.jumbo.spark.text.language.LanguageFilter;
import dev.jumbo.spark.text.privacy.PrivateData;
import dev.jumbo.spark.text.quality.C4Quality;
import dev.jumbo.spark.text.quality.FineWebQuality;
import dev.jumbo.spark.text.quality.GopherQuality;
import dev.jumbo.spark.text.quality.GopherRepetition;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Documents and megabytes a second of each function per second of one core, to {@code target/figures/text-throughput.txt}. Not a
 * part of the tests: it runs by its name alone. {@code -Djumbo.texts=DIR} gives a directory of text files, such as 20
 * newsgroups; without it, prose is made up.
 */
class TextThroughput {
    private static final int ROUNDS = 4;
    private static final long ROUND = 600_000_000;

    private final StringBuilder figures = new StringBuilder("function               documents/s      MB/s\n");
    private final List<String> texts = texts();

    TextThroughput() throws IOException {}

    @Test
    void measure() {
        run("words", text -> Words.of(text).count());
        run("normal words", text -> NormalWords.of(text).count());
        run(
                "extract_html",
                text -> MainText.of(
                                "<html><body><div><p>" + text.replace("\n\n", "</p><p>") + "</p></div></body></html>")
                        .text()
                        .length());
        step("language", LanguageFilter.english());
        step("gopher_quality", GopherQuality.defaults());
        step("gopher_repetition", GopherRepetition.defaults());
        step("c4_quality", C4Quality.fineWeb());
        step("fineweb_quality", FineWebQuality.defaults());
        step("private_data", PrivateData.all());
        NgramIndex.Builder index = NgramIndex.builder(13, 8);
        texts.stream().limit(200).forEach(text -> index.add("set", text));
        NgramIndex sets = index.build();
        run(
                "decontaminate",
                text -> sets.find(NormalWords.of(text))
                        .map(NgramIndex.Hit::hits)
                        .orElse(0));
        run("exact hash", text -> Hash128.of(NormalWords.of(text)).low());
        MinHash minHash = MinHash.fineWeb();
        run("minhash", text -> minHash.bandKeys(minHash.shingles(NormalWords.of(text))).length);
        try (Tokenizer bytes = new ByteTokens().open()) {
            run("tokens of bytes", text -> bytes.encode(text).length);
        }
        Figures.write("text-throughput", figures);
    }

    /** Nanoseconds of the processor in all threads (Lingua has some), which other programs do not lengthen. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private void step(String name, TextStep step) {
        run(name, text -> step.apply(Document.of("x", text)) instanceof Outcome.Kept ? 1 : 0);
    }

    private void run(String name, ToLongFunction<String> function) {
        double documents = 0;
        double bytes = 0;
        long sink = 0;
        // The first rounds warm up, the last counts.
        for (int round = 0; round < ROUNDS; round++) {
            documents = 0;
            bytes = 0;
            long start = cpu();
            long used = 0;
            for (int i = 0; used < ROUND; i = (i + 1) % texts.size()) {
                sink += function.applyAsLong(texts.get(i));
                documents++;
                bytes += texts.get(i).length();
                used = cpu() - start;
            }
            documents *= 1e9 / used;
            bytes *= 1e9 / used;
        }
        figures.append(String.format(
                Locale.ROOT, "%-20s %13.0f %9.1f%s%n", name, documents, bytes / 1e6, sink == 42 ? " " : ""));
    }

    private static List<String> texts() throws IOException {
        String directory = System.getProperty("jumbo.texts");
        if (directory == null) {
            return made();
        }
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            for (Path file :
                    files.filter(Files::isRegularFile).sorted().limit(20_000).toList()) {
                texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }

    /** As 20 newsgroups: 1200 characters each, in short lines, with an address and some numbers. */
    private static List<String> made() {
        Random random = new Random(9);
        List<String> words =
                new ArrayList<>(List.of("the", "of", "and", "to", "a", "in", "that", "have", "with", "be"));
        for (int i = 0; i < 5_000; i++) {
            StringBuilder word = new StringBuilder();
            random.ints(2 + random.nextInt(8), 'a', 'z' + 1).forEach(c -> word.append((char) c));
            words.add(word.toString());
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text =
                    new StringBuilder("From: user" + i + "@example.org\nLines: " + random.nextInt(99) + "\n\n");
            while (text.length() < 1_200) {
                for (int k = 0; k < 12; k++) {
                    int range = random.nextInt(3) > 0 ? words.size() : 10;
                    text.append(words.get(random.nextInt(range))).append(k == 11 ? ".\n" : " ");
                }
                text.append(
                        random.nextInt(8) == 0
                                ? "Call 1-800-" + random.nextInt(999) + " or " + random.nextInt() + ".\n"
                                : "");
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
