package dev.jumbo.benchmarks.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Medians of rounds and ratios of what {@link TokenizerSpeed} and {@code tokenizer_speed.py} wrote. Ends with status 1 where both have other ids.
 *
 * <p>Usage: {@code TokenizerSpeeds RESULTS.jsonl}
 */
public final class TokenizerSpeeds {
    private static final String JUMBO = "jumbo";
    private static final String AGAIN = "mb_per_s";
    private static final String FIRST = "first_mb_per_s";

    /** One row of the table. */
    private record Case(String vocabulary, String text, int threads) {}

    private TokenizerSpeeds() {}

    public static void main(String[] args) throws IOException {
        Map<Case, Map<String, List<JsonNode>>> cases = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            JsonNode read = new ObjectMapper().readTree(line);
            String side = read.path("side").asText();
            if (read.has("skipped")) {
                System.out.println(side + " skipped: " + read.path("skipped").asText());
                continue;
            }
            Case found = new Case(
                    read.path("vocabulary").asText(),
                    read.path("text").asText(),
                    read.path("threads").asInt());
            cases.computeIfAbsent(found, c -> new LinkedHashMap<>())
                    .computeIfAbsent(side, s -> new ArrayList<>())
                    .add(read);
        }
        print(
                "%-11s %-13s %7s %-11s %9s %6s %9s %6s %6s  %s",
                "vocabulary", "text", "threads", "side", "MB/s", "ratio", "first", "ratio", "rounds", "ids");
        boolean same = true;
        for (Map.Entry<Case, Map<String, List<JsonNode>>> each : cases.entrySet()) {
            List<JsonNode> ours = each.getValue().getOrDefault(JUMBO, List.of());
            for (Map.Entry<String, List<JsonNode>> side : each.getValue().entrySet()) {
                boolean equal = ours.isEmpty() || side.getValue().stream().allMatch(line -> sameIds(line, ours.get(0)));
                same &= equal;
                Case named = each.getKey();
                print(
                        "%-11s %-13s %7d %-11s %9.2f %6s %9.2f %6s %6d  %,d %s",
                        named.vocabulary(),
                        named.text(),
                        named.threads(),
                        side.getKey(),
                        median(side.getValue(), AGAIN),
                        ratio(side, ours, AGAIN),
                        median(side.getValue(), FIRST),
                        ratio(side, ours, FIRST),
                        side.getValue().size(),
                        side.getValue().get(0).path("ids").asLong(),
                        equal ? "" : "OTHER IDS");
            }
        }
        print(
                "%nratio: ours over theirs (goal 0.9). MB/s: the same texts again and again, with words that a tokenizer remembers;"
                        + "%nfirst: the first pass of a new tokenizer, which remembers none");
        if (!same) {
            System.exit(1);
        }
    }

    private static String ratio(Map.Entry<String, List<JsonNode>> side, List<JsonNode> ours, String figure) {
        return side.getKey().equals(JUMBO) || ours.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.2f", median(ours, figure) / median(side.getValue(), figure));
    }

    private static boolean sameIds(JsonNode one, JsonNode other) {
        return one.path("ids").equals(other.path("ids")) && one.path("crc32").equals(other.path("crc32"));
    }

    private static double median(List<JsonNode> lines, String figure) {
        double[] sorted = lines.stream()
                .mapToDouble(line -> line.path(figure).asDouble())
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
