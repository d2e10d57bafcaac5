package dev.jumbo.cli;

import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo serve}: a run's best checkpoint over HTTP, until SIGTERM, which drains. */
@Command(
        name = "serve",
        description =
                "Serve a run by the Open Inference Protocol V2, until SIGTERM or Ctrl-C: then requests in flight are"
                        + " answered, new ones refused, and the exit status is 143 or 130. SIGHUP, as of a closed terminal, does"
                        + " not stop it.")
final class Serve extends Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Option(names = "--host", description = "Address to bind; any but the loopback address needs a token.")
    private @Nullable String host;

    @Option(names = "--port", description = "TCP port; 0 takes any free one.")
    private @Nullable Integer port;

    @Option(
            names = "--token",
            description = "The secret that callers send. Others on this machine can see it here: prefer JUMBO_TOKEN.")
    private @Nullable String token;

    @Option(names = "--name", description = "The model's name in addresses; that of the directory if not given.")
    private @Nullable String name;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A value over the run's. May be repeated.")
    private List<String> settings = List.of();

    @Override
    void run() {
        List<String> all = new ArrayList<>(settings);
        if (host != null) {
            all.add("serve.host=\"" + host.replace("\"", "") + "\"");
        }
        if (port != null) {
            all.add("serve.port=" + port);
        }
        ServerConfig config = RunFolder.open(run, all).config().serve();
        Token secret = token == null ? Token.find(config.tokenFile(), System.getenv()) : Token.of(token);
        Checkpoint best = Checkpoint.best(run);
        try (Predictor predictor = Predictor.of(best, config.engine());
                ModelServer server =
                        ModelServer.start(config, secret, served(name == null ? modelName(run) : name, predictor))) {
            untilStopped(server);
        }
    }

    /** The model for a server, with the readers of its kind of input. */
    static ServedModel served(String name, Predictor predictor) {
        Examples examples = Examples.of(predictor);
        return new ServedModel(name, "1", predictor, examples.images(), examples.json());
    }

    /** Says where the server is and waits for its end. */
    private void untilStopped(ModelServer server) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "jumbo-drain"));
        Hangup.ignore(() -> say("SIGHUP: still serving; stop with SIGTERM or Ctrl-C"));
        say("serving on " + server.uri() + " (stop with Ctrl-C)");
        server.awaitStop();
    }

    /** A run's directory as a model's name in addresses. */
    static String modelName(Path run) {
        String name = run.toAbsolutePath().normalize().getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "-");
        return name.matches("[A-Za-z0-9].{0,63}") ? name : "model";
    }
}
