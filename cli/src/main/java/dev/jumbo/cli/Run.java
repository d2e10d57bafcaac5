package dev.jumbo.cli;

import dev.jumbo.cli.stages.StagesFile;
import dev.jumbo.cli.stages.StagesRun;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.AnswersReport;
import dev.jumbo.models.generate.TextEvaluation;
import dev.jumbo.serve.ModelServer;
import dev.jumbo.serve.ServerConfig;
import dev.jumbo.serve.access.Token;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jumbo run}: all stages of a configuration in order, to a prediction that was asked for over HTTP. */
@Command(
        name = "run",
        description = "Prepare, train, evaluate, serve, and ask the server for a prediction; or the stages of a file.")
final class Run extends Verb {
    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the run; runs/NAME of the file if not given.")
    private @Nullable Path out;

    @Option(names = "--resume", description = "Go on from the newest checkpoint of the directory, if there is one.")
    private boolean resume;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Train on N processes of this machine together, as jumbo train does.")
    private @Nullable Integer workers;

    @Option(names = "--keep-serving", description = "Go on serving, where the section serve says, until stopped.")
    private boolean keepServing;

    @Override
    public Integer call() {
        ConfigDocument document = configuration.document();
        return StagesFile.accepts(document) ? runStages(document) : super.call();
    }

    /** @return the exit status */
    private int runStages(ConfigDocument document) {
        if (workers != null || keepServing) {
            throw new InputException(document.name()
                    + ": expected no --workers and no --keep-serving with stages: write them as options of a stage");
        }
        Path directory = out == null ? configuration.defaultOut() : out;
        var commands = new StageCommands(out(), spec.commandLine().getErr(), isVerbose());
        return StagesRun.of(document, directory, commands, this::say).run(resume);
    }

    @Override
    void run() {
        Worker.requireNoOthers(System.getenv());
        RunConfig config = configuration.read();
        if (workers != null) {
            Worker.requirePossible(workers, config);
        }
        Path directory = out == null ? configuration.defaultOut() : out;
        RunFolder created = RunFolder.create(directory, config, resume);

        say("prepare");
        DataParts loaded = created.config().load(directory);
        RunFolder folder = created.resolved(loaded);
        DataParts data = folder.divided(loaded);
        PrepareReport.print(data, out());
        if (workers == null) { // Otherwise the first of them says it.
            folder.warnOf(data);
        }

        say("train");
        Checkpoint best = train(folder, data);
        out().println("checkpoint  " + best.directory());

        say("evaluate");
        EvaluateConfig.MeasuredOn part = data.test() == null
                ? EvaluateConfig.MeasuredOn.VALIDATION
                : config.evaluate().split();
        String name = part.name().toLowerCase(Locale.ROOT);
        Stages.evaluate(folder, RunFolder.Choice.BEST, part, data, 0)
                .figures()
                .forEach((metric, value) ->
                        out().println(String.format(Locale.ROOT, "%-11s %s %.4f", name, metric, value)));
        AnswersReport answers = ChatAnswers.of(folder, RunFolder.Choice.BEST, part);
        if (answers != null) {
            ChatAnswers.write(folder, RunFolder.Choice.BEST, part, answers);
            out().print(answers.text());
        }
        TextEvaluation texts = SourceEvaluation.evaluate(folder, best, RunFolder.part(data, part), 0, this::say);
        if (texts != null) {
            SourceEvaluation.write(folder, "_" + name, texts);
            texts.scores()
                    .forEach(score -> out().println(String.format(
                            Locale.ROOT, "%-11s %s %.2f %s", name, score.name(), score.value(), score.signature())));
        }
        say("learning curves, report and charts are in " + directory);

        say("serve");
        ServerConfig server = keepServing ? config.serve() : ServerConfig.local(0);
        Token token = keepServing ? Token.find(server.tokenFile(), System.getenv()) : Token.NONE;
        serve(server, token, best, data.test() == null ? data.train() : data.test(), Serve.modelName(directory));
    }

    private Checkpoint train(RunFolder folder, DataParts data) {
        if (workers == null) {
            return Stages.train(
                    folder, data, resume, World.single(), spec.commandLine().getErr());
        }
        new LocalWorkers(this, folder.directory(), LocalWorkers.arguments(configuration, folder.directory()))
                .train(workers, folder.config().train());
        return folder.checkpoint(RunFolder.Choice.BEST);
    }

    private void serve(ServerConfig config, Token token, Checkpoint best, Dataset examples, String name) {
        try (Predictor predictor = Predictor.of(best, config.engine());
                ModelServer server = ModelServer.start(config, token, Serve.served(name, predictor))) {
            if (token == Token.NONE && !predictsEachStep(examples)) {
                ask(server, examples, name, predictor);
            }
            out().flush();
            if (keepServing) {
                Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "jumbo-drain"));
                say("serving on " + server.uri() + " (stop with Ctrl-C)");
                server.awaitStop();
            }
        }
    }

    /** A language model's answer is a row of numbers for each token: text is asked of it by generating. */
    private static boolean predictsEachStep(Dataset examples) {
        return examples.inputs().get(0).meaning() instanceof Meaning.Tokens
                && examples.targets().stream().anyMatch(target -> target.shape().rank() > 0);
    }

    /** Sends the first example as any client would. */
    private void ask(ModelServer server, Dataset examples, String name, Predictor predictor) {
        Question question = Question.of(examples, predictor);
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("v2/models/" + name + "/" + question.call()))
                .header("Content-Type", question.type())
                .POST(BodyPublishers.ofByteArray(question.body()))
                .build();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new FailureException("the server answered " + answer.statusCode() + ": " + answer.body());
            }
            out().println("asked       POST " + request.uri() + " (" + question.body().length + " bytes"
                    + (question.isPicture() ? ", a PNG" : "") + Question.right(examples) + ")");
            out().println("served      " + answer.body().strip());
        } catch (IOException e) {
            throw new FailureException("the server did not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while waiting for the server", e);
        }
    }
}
