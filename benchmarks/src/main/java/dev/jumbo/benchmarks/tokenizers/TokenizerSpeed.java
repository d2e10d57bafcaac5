package dev.jumbo.benchmarks.tokenizers;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.text.BertTokens;
import dev.jumbo.text.Gpt2Tokens;
import dev.jumbo.text.TiktokenTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.TokenizerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Megabytes a second of {@code encodeAll}, as {@code tokenizer_speed.py} measures Python's libraries: of texts again and again, and of the first pass of a new
 * tokenizer, which remembers no words yet. A line for each vocabulary, text and number of threads, with a checksum of the ids.
 *
 * <p>Usage: {@code TokenizerSpeed DATA TEXTS REPEATS}
 */
public final class TokenizerSpeed {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int[] THREADS = {1, 2};
    private static final int WARM_UP = 3;

    private TokenizerSpeed() {}

    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[0]).resolve("tokenizers");
        Map<String, TokenizerConfig> vocabularies = new LinkedHashMap<>();
        vocabularies.put(
                "gpt2",
                new Gpt2Tokens(data.resolve("gpt2/encoder.json"), data.resolve("gpt2/vocab.bpe"), "<|endoftext|>"));
        vocabularies.put(
                "bert", new BertTokens(data.resolve("bert-base-uncased/bert-base-uncased.txt"), true, "[SEP]"));
        vocabularies.put("llama3", TiktokenTokens.of(data.resolve("llama3/tokenizer.model")));
        Map<String, List<String>> texts = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(Path.of(args[1]))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".json", "");
                texts.put(name, JSON.readValue(file.toFile(), new TypeReference<List<String>>() {}));
            }
        }
        for (Map.Entry<String, TokenizerConfig> vocabulary : vocabularies.entrySet()) {
            try (Tokenizer tokenizer = vocabulary.getValue().open()) {
                for (Map.Entry<String, List<String>> text : texts.entrySet()) {
                    for (int threads : THREADS) {
                        measure(vocabulary, tokenizer, text, threads, Integer.parseInt(args[2]));
                    }
                }
            }
        }
    }

    private static void measure(
            Map.Entry<String, TokenizerConfig> vocabulary,
            Tokenizer tokenizer,
            Map.Entry<String, List<String>> text,
            int threads,
            int repeats)
            throws IOException {
        List<String> texts = text.getValue();
        List<int[]> ids = List.of();
        // Java compiles what it runs often.
        for (int i = 0; i < WARM_UP; i++) {
            ids = tokenizer.encodeAll(texts, threads);
        }
        double[] again = new double[repeats];
        double[] first = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            again[i] = seconds(tokenizer, texts, threads);
            try (Tokenizer fresh = vocabulary.getValue().open()) {
                first[i] = seconds(fresh, texts, threads);
            }
        }
        long bytes = texts.stream()
                .mapToLong(each -> each.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        System.out.println(JSON.writeValueAsString(JSON.createObjectNode()
                .put("side", "jumbo")
                .put("vocabulary", vocabulary.getKey())
                .put("text", text.getKey())
                .put("threads", threads)
                .put("mb_per_s", megabytes(bytes, again))
                .put("first_mb_per_s", megabytes(bytes, first))
                .put("ids", ids.stream().mapToLong(each -> each.length).sum())
                .put("crc32", checksum(ids))));
    }

    private static double seconds(Tokenizer tokenizer, List<String> texts, int threads) {
        long start = System.nanoTime();
        tokenizer.encodeAll(texts, threads);
        return (System.nanoTime() - start) / 1e9;
    }

    /** A second, by the median. */
    private static double megabytes(long bytes, double[] seconds) {
        Arrays.sort(seconds);
        return Math.round(bytes / 1e3 / seconds[seconds.length / 2]) / 1e3;
    }

    private static long checksum(List<int[]> all) {
        CRC32 crc = new CRC32();
        for (int[] ids : all) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(Integer.BYTES * (ids.length + 1)).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putInt(ids.length);
            bytes.asIntBuffer().put(ids);
            crc.update(bytes.array());
        }
        return crc.getValue();
    }
}
