package dev.jumbo.cli;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.Repository;
import dev.jumbo.serve.repository.load.SavedVersions;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo serve}: a run's best checkpoint, or a repository of models, over HTTP, until SIGTERM, which drains. */
@Command(
        name = "serve",
        description =
                "Serve a run, or a repository NAME/VERSION/ of models, by the Open Inference Protocol V2, until SIGTERM or Ctrl-C: then requests in flight are"
                        + " answered, new ones refused, and the exit status is 143 or 130. SIGHUP, as of a closed terminal, does"
                        + " not stop it: it reads the files of tokens and certificates again.")
final class Serve extends Verb {
    /** Longer loads go on while the server runs and says that it is not ready: who starts it must see it live. */
    private static final Duration FIRST_LOADS = Duration.ofSeconds(10);

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "The directory of a run, or of a repository: in it NAME/VERSION/, each a checkpoint, a run or"
                    + " model.onnx.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path directory;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "For a repository: a YAML file with the section serve. A run has its own run.yaml.")
    private @Nullable Path file;

    @Option(names = "--host", description = "Address to bind; any but the loopback address needs a token.")
    private @Nullable String host;

    @Option(names = "--port", description = "TCP port; 0 takes any free one.")
    private @Nullable Integer port;

    @Option(
            names = "--token",
            description = "The secret that callers send. Others on this machine can see it here: prefer JUMBO_TOKEN.")
    private @Nullable String token;

    @Option(names = "--name", description = "The name of a run in addresses; that of the directory if not given.")
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
        if (RunFolder.isRun(directory)) {
            serveRun(all);
        } else {
            serveRepository(ModelFolder.of(directory), all);
        }
    }

    private void serveRun(List<String> all) {
        if (file != null) {
            throw new InputException("--config is for a repository of models; " + directory
                    + " is a run, which has its run.yaml: change that, or use --set");
        }
        ServerConfig config = RunFolder.open(directory, all).config().serve();
        begins(config);
        Checkpoint best = Checkpoint.best(directory);
        try (Predictor predictor = Predictor.of(best, config.engine());
                ModelServer server = ModelServer.start(
                        config, secret(config), served(name == null ? modelName(directory) : name, predictor))) {
            untilStopped(server);
        }
    }

    private void serveRepository(Path models, List<String> all) {
        if (name != null) {
            throw new InputException(
                    "--name is for a run; the models of a repository have the names of their directories");
        }
        ServerConfig config = ServeFile.read(file, all).serve();
        Token secret = secret(config); // Before anything is loaded.
        begins(config);
        try (Repository repository = Repository.open(models, config.repository(), new SavedVersions(config.engine()));
                ModelServer server = ModelServer.start(config, secret, repository.awaitReady(FIRST_LOADS))) {
            untilStopped(server);
        }
    }

    private Token secret(ServerConfig config) {
        return token == null ? Token.find(config.tokenFile(), System.getenv()) : Token.of(token);
    }

    /** The model for a server, with the readers of its kind of input. */
    static ServedModel served(String name, Predictor predictor) {
        return ServedModel.of(name, "1", predictor);
    }

    /** Until the server says where it is, seconds pass without a word. */
    private void begins(ServerConfig config) {
        ModelServer.requireFree(config); // Before anything is loaded.
        say("loading " + directory + (config.scheduling().warmSeconds() > 0 ? " and warming up ..." : " ..."));
    }

    /** Says where the server is and waits for its end. */
    private void untilStopped(ModelServer server) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "jumbo-drain"));
        Hangup.ignore(() -> say("SIGHUP: " + reloaded(server) + "; still serving, stop with SIGTERM or Ctrl-C"));
        say("serving on " + server.uri() + " (stop with Ctrl-C)");
        server.awaitStop();
    }

    private static String reloaded(ModelServer server) {
        try {
            return "read again: " + server.reload();
        } catch (InputException e) {
            return "nothing changed, since " + e.getMessage();
        }
    }

    /** A run's directory as a model's name in addresses. */
    static String modelName(Path run) {
        String name = run.toAbsolutePath().normalize().getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "-");
        return name.matches("[A-Za-z0-9].{0,63}") ? name : "model";
    }
}
