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
 * Megabytes a second of {@code encodeAll}, as {@code tokenizer_speed.py} measures Python's libraries: a line for each vocabulary, text and number of threads,
 * with a checksum of the ids.
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
                        measure(vocabulary.getKey(), tokenizer, text.getKey(), text.getValue(), threads, args[2]);
                    }
                }
            }
        }
    }

    private static void measure(
            String vocabulary, Tokenizer tokenizer, String name, List<String> texts, int threads, String repeats)
            throws IOException {
        List<int[]> ids = List.of();
        // Java compiles what it runs often.
        for (int i = 0; i < WARM_UP; i++) {
            ids = tokenizer.encodeAll(texts, threads);
        }
        double[] seconds = new double[Integer.parseInt(repeats)];
        for (int i = 0; i < seconds.length; i++) {
            long start = System.nanoTime();
            tokenizer.encodeAll(texts, threads);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        long bytes = texts.stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        System.out.println(JSON.writeValueAsString(JSON.createObjectNode()
                .put("side", "jumbo")
                .put("vocabulary", vocabulary)
                .put("text", name)
                .put("threads", threads)
                .put("mb_per_s", Math.round(bytes / 1e3 / seconds[seconds.length / 2]) / 1e3)
                .put("ids", ids.stream().mapToLong(each -> each.length).sum())
                .put("crc32", checksum(ids))));
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
