package dev.jumbo.train.parallel;

import dev.jumbo.nn.FlatStore;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** What a worker saw of a training, as lines: the loss of each step, the figures of each epoch, checksums, a failure. */
final class Trace implements Callback {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void onStep(TrainingState state) {
        lines.add("step " + state.step() + " " + state.loss());
    }

    @Override
    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
        new TreeMap<>(metrics).forEach((name, value) -> lines.add("epoch-" + state.epoch() + " " + name + " " + value));
        FlatStore store = state.model().store();
        lines.add("checksum epoch-" + state.epoch() + " "
                + checksum(store.values().toFloats()) + "-"
                + checksum(
                        store.buffers().elements() == 0
                                ? new float[0]
                                : store.buffers().toFloats()));
    }

    @Override
    public void onEnd(TrainingState state) {
        lines.add("end examples " + state.examples());
    }

    void failed(RuntimeException e) {
        lines.add("failed " + e.getClass().getSimpleName() + " " + e.getMessage());
    }

    private static long checksum(float[] values) {
        CRC32 crc = new CRC32();
        for (float value : values) {
            int bits = Float.floatToRawIntBits(value);
            for (int shift = 0; shift < 32; shift += 8) {
                crc.update(bits >>> shift);
            }
        }
        return crc.getValue();
    }

    List<String> lines() {
        return lines;
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    /** Lines that begin with a word, without it. */
    static List<String> of(List<String> lines, String word) {
        return lines.stream()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }
}
