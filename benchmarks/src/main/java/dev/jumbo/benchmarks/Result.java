package dev.jumbo.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What a benchmark found, as one JSON object on standard output. */
final class Result {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    Result() {
        json.put("libtorch", Torch.version());
        json.put("java", Runtime.version().feature());
        json.put("threads", Torch.threads());
    }

    Result put(String name, double value) {
        json.put(name, Double.parseDouble(String.format(Locale.ROOT, "%.6g", value)));
        return this;
    }

    void print() {
        put("peak_resident_mb", peakResidentMegabytes());
        try {
            System.out.println(JSON.writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new FailureException("can't write the result as JSON: " + e.getMessage(), e);
        }
    }

    /** The largest resident memory of this process so far; -1 where the system does not say (other than Linux). */
    private static double peakResidentMegabytes() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
