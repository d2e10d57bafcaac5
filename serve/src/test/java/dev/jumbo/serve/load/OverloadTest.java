package dev.jumbo.serve.load;

import static dev.jumbo.nn.Activation.LINEAR;
import static dev.jumbo.nn.Activation.RELU;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Flatten;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.model.RawReader;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.schedule.SchedulingConfig;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The article's network at 0.5 to 5 times its peak, open loop. Takes a minute or more and wants a quiet machine: {@code
 * -Djumbo.load=SECONDS} of each step.
 */
class OverloadTest {
    private static final double DEADLINE_MILLIS = 100;

    @TempDir
    private Path dir;

    private static byte[] request(int port, boolean json) throws IOException {
        byte[] head;
        byte[] values;
        if (json) {
            head = "".getBytes(StandardCharsets.US_ASCII);
            values = ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,1,28,28],\"data\":["
                            + "0.25,".repeat(783) + "0.25]}]}")
                    .getBytes(StandardCharsets.US_ASCII);
        } else {
            head = ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,1,28,28],\"parameters\":"
                            + "{\"binary_data_size\":3136}}],\"parameters\":{\"binary_data_output\":true}}")
                    .getBytes(StandardCharsets.US_ASCII);
            values = new byte[3136];
        }
        var out = new ByteArrayOutputStream();
        out.write(("POST /v2/models/m/infer HTTP/1.1\r\nHost: localhost:" + port + "\r\ntimeout: "
                        + (long) (DEADLINE_MILLIS * 1000) + "\r\n"
                        + (json ? "" : "Inference-Header-Content-Length: " + head.length + "\r\n") + "Content-Length: "
                        + (head.length + values.length) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(head);
        out.write(values);
        return out.toByteArray();
    }

    private static Sequential article() {
        return Sequential.of(
                Conv2d.of(32, Size2d.of(3), RELU),
                MaxPool2d.of(2),
                Conv2d.of(64, Size2d.of(3), RELU),
                MaxPool2d.of(2),
                new Flatten(),
                Dense.of(128, RELU),
                Dense.of(10, LINEAR));
    }

    /** About a millisecond a row: its peak leaves room for a load that is five times as high. */
    private static Sequential slow() {
        return Sequential.of(
                Conv2d.of(96, Size2d.of(3), RELU),
                Conv2d.of(96, Size2d.of(3), RELU),
                MaxPool2d.of(2),
                Conv2d.of(96, Size2d.of(3), RELU),
                new Flatten(),
                Dense.of(10, LINEAR));
    }

    @Test
    @EnabledIfSystemProperty(named = "jumbo.load", matches = "\\d+")
    void five_times_the_load_leaves_ninety_five_percent_of_the_peak_in_time() throws Exception {
        fiveTimes("article", article(), 200, List.of(false, true));
    }

    /** More requests under way than the server can answer by the deadline: it has to say so to most of them, and at once. */
    @Test
    @EnabledIfSystemProperty(named = "jumbo.load", matches = "\\d+")
    void a_network_that_is_slow_keeps_its_goodput_while_four_of_five_requests_are_refused() throws Exception {
        fiveTimes("slow", slow(), 2000, List.of(false, true));
    }

    private void fiveTimes(String name, Sequential network, int connections, List<Boolean> bodies) throws Exception {
        int seconds = Integer.getInteger("jumbo.load");
        float[] values = new float[12 * 784];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7;
        }
        Checkpoint checkpoint = Trainer.of(network)
                .epochs(1)
                .batchSize(6)
                .seed(1)
                .saveTo(dir.resolve("run"))
                .build()
                .fit(ArrayDataset.of(
                        Field.floats("x", Shape.of(1, 28, 28)),
                        values,
                        Field.classId(
                                "y",
                                IntStream.range(0, 10).mapToObj(i -> "c" + i).toList()),
                        IntStream.range(0, 12).mapToLong(i -> i % 10).toArray()));
        try (Predictor predictor = Predictor.of(checkpoint)) {
            ServedModel model = new ServedModel("m", "1", predictor, RawReader.refusing("rows"), RawReader.numbers());
            ServerConfig config = new ServerConfig("127.0.0.1", 0, null, 8 << 20, 1024, 1, 30, 10, 4096)
                    .with(SchedulingConfig.standard());
            try (ModelServer server = ModelServer.start(config, Token.NONE, model)) {
                var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
                for (boolean json : bodies) {
                    byte[] request = request(server.port(), json);
                    String what = name + (json ? ", JSON, " : ", binary, ");
                    OpenLoad load = new OpenLoad(address, request, connections);
                    say(what + "first second, 8 clients  "
                            + new OpenLoad(address, request, 8).run(Double.POSITIVE_INFINITY, 1, DEADLINE_MILLIS));
                    double peak = 0;
                    for (int clients : new int[] {1, 8, 64}) {
                        OpenLoad.Step step = new OpenLoad(address, request, clients)
                                .run(Double.POSITIVE_INFINITY, seconds, DEADLINE_MILLIS);
                        say(what + "closed, " + clients + " clients  " + step);
                        peak = Math.max(peak, step.good());
                    }
                    OpenLoad.Step last = null;
                    for (double times : new double[] {0.8, 2, 5}) {
                        last = load.run(peak * times, seconds, DEADLINE_MILLIS);
                        say(what + "open, " + times + " x peak  " + last);
                    }
                    assertThat(last.good()).isGreaterThan(0.95 * peak);
                    assertThat(last.p99()).isLessThan(DEADLINE_MILLIS);
                    if (connections > 1000) {
                        assertThat(last.unsent()).isLessThan(0.05 * last.rate());
                    }
                }
            }
        }
    }

    private static void say(String line) {
        LoggerFactory.getLogger(OverloadTest.class).warn(line);
    }
}
