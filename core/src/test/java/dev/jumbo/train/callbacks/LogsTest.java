package dev.jumbo.train.callbacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    @TempDir
    Path directory;

    private final FakeState state = new FakeState();

    private void run(JsonLinesLog log, long from, long to) {
        state.directory = directory;
        log.onStart(state.at(from, 1));
        for (long step = from + 1; step <= to; step++) {
            log.onStep(state.at(step, 1.0 / step));
        }
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve(JsonLinesLog.FILE));
    }

    @Test
    void writes_a_line_for_each_event_at_once() throws IOException {
        JsonLinesLog log = JsonLinesLog.every(2);
        run(log, 0, 4);
        log.onEpoch(state, Map.of("val_loss", Double.POSITIVE_INFINITY));
        assertThat(lines()) // Not closed yet: every line is flushed.
                .containsExactly(
                        "{\"event\":\"step\",\"step\":2,\"epoch\":0,\"seconds\":1.0,\"loss\":0.5,\"learning_rate\":0.001,\"examples_per_second\":128.0}",
                        "{\"event\":\"step\",\"step\":4,\"epoch\":0,\"seconds\":2.0,\"loss\":0.25,\"learning_rate\":0.001,\"examples_per_second\":128.0}",
                        "{\"event\":\"epoch\",\"step\":4,\"epoch\":0,\"seconds\":2.0,\"val_loss\":null}");
        log.close();
    }

    @Test
    void a_resumed_run_has_every_event_once() throws IOException {
        try (JsonLinesLog whole = JsonLinesLog.every(1)) {
            run(whole, 0, 8);
        }
        List<String> expected = lines();
        Files.writeString(
                directory.resolve(JsonLinesLog.FILE),
                String.join("\n", expected) + "\n{\"event\":\"st"); // killed within a line
        try (JsonLinesLog resumed = JsonLinesLog.every(1)) {
            run(resumed, 5, 8);
        }
        assertThat(lines()).isEqualTo(expected);
    }

    @Test
    void an_epoch_that_the_checkpoint_has_not_finished_is_cut() throws IOException {
        try (JsonLinesLog log = JsonLinesLog.every(0)) {
            run(log, 0, 9);
            log.onEpoch(state, Map.of("loss", 1.0)); // epoch 0, at step 9
        }
        try (JsonLinesLog resumed = JsonLinesLog.every(0)) {
            run(resumed, 9, 9); // a checkpoint of step 9 within epoch 0
            assertThat(lines()).isEmpty();
        }
    }

    @Test
    void event_files_hold_what_tensorboard_reads() throws IOException {
        state.directory = directory;
        try (TensorBoardLog log = TensorBoardLog.every(1)) {
            log.onStart(state.at(0, 1));
            log.onStep(state.at(300, 0.5));
            log.onEpoch(state, Map.of("val_accuracy", 0.75));
        }
        try (TensorBoardLog resumed = TensorBoardLog.every(1)) {
            resumed.onStart(state.at(299, 1));
        }
        List<Path> files;
        try (Stream<Path> list = Files.list(directory.resolve(TensorBoardLog.DIRECTORY))) {
            files = list.sorted().toList();
        }
        assertThat(files).hasSize(2).allMatch(f -> f.getFileName().toString().startsWith("events.out.tfevents."));
        List<byte[]> first = records(files.get(0));
        assertThat(first).hasSize(3);
        // The tag and length of file_version, then its text, behind wall_time (9 bytes) and step 0 (2 bytes).
        assertThat(new String(first.get(0), 13, first.get(0).length - 13, StandardCharsets.UTF_8))
                .isEqualTo("brain.Event:2");
        ByteBuffer loss = ByteBuffer.wrap(first.get(1)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(loss.get()).isEqualTo((byte) 0x09); // field 1, 64 bits
        assertThat(loss.getDouble()).isGreaterThan(1.7e9);
        assertThat(new byte[] {loss.get(), loss.get(), loss.get()}).containsExactly(0x10, 0xAC, 0x02); // step 300
        assertThat(new byte[] {loss.get(), loss.get(), loss.get(), loss.get()}).containsExactly(0x2A, 45, 0x0A, 16);
        byte[] tag = new byte[11];
        loss.get(tag);
        assertThat(tag).isEqualTo("\n\tstep/loss".getBytes(StandardCharsets.UTF_8));
        assertThat(loss.get()).isEqualTo((byte) 0x15); // field 2, 32 bits
        assertThat(loss.getFloat()).isEqualTo(0.5f);
        byte[] restart = records(files.get(1)).get(1);
        assertThat(restart).hasSize(9 + 3 + 4).endsWith(0x10, 0xAC, 0x02, 0x3A, 2, 0x08, 1); // step 300, START
    }

    /** An independent reader: lengths and both checksums, by a bitwise CRC-32C. */
    private static List<byte[]> records(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertThat(in.getInt()).isEqualTo(masked(length));
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            assertThat(in.getInt()).isEqualTo(masked(data));
            records.add(data);
        }
        return records;
    }

    private static int masked(byte[] data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 1 ? 0x82F63B78 : 0);
            }
        }
        return Integer.rotateRight(~crc, 15) + 0xA282EAD8;
    }
}
