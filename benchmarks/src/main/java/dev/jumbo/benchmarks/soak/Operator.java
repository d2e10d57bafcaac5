package dev.jumbo.benchmarks.soak;

import dev.jumbo.benchmarks.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Who looks after the server: new versions, canaries, a model taken out and back, tokens read again, figures. */
final class Operator implements Clients.Caller {
    private static final Set<String> DONE = Set.of("200");
    private static final String OPS = "Authorization: Bearer " + ServerProcess.OPS;
    private static final int STEPS = 5;

    private final ServerProcess server;
    private final ModelFiles files;
    private final Outcomes outcomes;
    private int cnn = 1;
    private int table = 1;
    private int stable = 1;
    private int next;

    Operator(ServerProcess server, ModelFiles files, Outcomes outcomes) {
        this.server = server;
        this.files = files;
        this.outcomes = outcomes;
    }

    @Override
    public void ask() throws IOException, InterruptedException {
        switch (next++ % STEPS) {
            case 0 -> swap();
            case 1 -> canary();
            case 2 -> away();
            case 3 -> {
                server.reload();
                outcomes.add("operator: SIGHUP", "sent", Set.of("sent"), "");
            }
            default -> look();
        }
        Thread.sleep(500);
    }

    /** A new version of the pictures' model takes over, and the old one's files go. */
    private void swap() throws IOException {
        files.put("cnn", cnn + 1);
        call("load", "/v2/repository/models/cnn/load", "{}");
        files.remove("cnn", cnn);
        cnn++;
    }

    /** A new version of the table's gets a share, and is promoted or rolled back in turn; the files of the other one go. */
    private void canary() throws IOException, InterruptedException {
        int version = ++table;
        files.put("table", version);
        call(
                "canary",
                "/v2/repository/models/table/canary",
                "{\"version\": \"" + version + "\", \"weight\": 0.3, \"shadow\": 0.5, \"min_requests\": 1000000}");
        String ready = "\"name\":\"table\",\"version\":\"" + version + "\",\"state\":\"READY\"";
        boolean answers = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!answers && System.nanoTime() < end) {
            Thread.sleep(100);
            answers = index().contains(ready);
        }
        outcomes.add("operator: canary answers", answers ? "yes" : "no", Set.of("yes"), index());
        Thread.sleep(1000);
        if (version % 2 == 0) {
            call("promote", "/v2/repository/models/table/promote", "{}");
            files.remove("table", stable);
            stable = version;
        } else {
            call("rollback", "/v2/repository/models/table/rollback", "{}");
            files.remove("table", version);
        }
        call("load", "/v2/repository/models/table/load", "{}");
    }

    private String index() throws IOException {
        return ask("POST", server.adminPort, "/v2/repository/index", "{}").text();
    }

    /** The model of ONNX is not there for a second. */
    private void away() throws IOException, InterruptedException {
        call("unload", "/v2/repository/models/onnx/unload", "{}");
        Thread.sleep(1000);
        call("load", "/v2/repository/models/onnx/load", "{}");
    }

    private void look() throws IOException {
        call("index", "/v2/repository/index", "{}");
        for (String path : new String[] {"/metrics", "/v2/models/stats", "/openapi.json", "/v2"}) {
            RawConnection.Answer answer = ask("GET", server.port, path, "");
            outcomes.add("operator: figures", "" + answer.status(), Set.of("200", "403"), answer.text());
        }
    }

    private void call(String what, String path, String body) throws IOException {
        RawConnection.Answer answer = ask("POST", server.adminPort, path, body);
        outcomes.add("operator: " + what, "" + answer.status(), DONE, answer.text());
    }

    private static RawConnection.Answer ask(String method, int port, String path, String body) throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            return connection.ask(RawConnection.request(
                    method, path, body.getBytes(StandardCharsets.US_ASCII), OPS, "Content-Type: application/json"));
        }
    }
}
