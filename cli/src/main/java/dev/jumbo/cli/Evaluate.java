package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.AnswersReport;
import dev.jumbo.models.generate.TextEvaluation;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.losses.BinaryCrossEntropy;
import dev.jumbo.nn.losses.ClassWeights;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.train.metrics.BootstrapInterval;
import dev.jumbo.train.metrics.text.TextScore;
import dev.jumbo.train.report.EvaluationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo evaluate}: how good a checkpoint of a run is. */
@Command(name = "evaluate", description = "Measure a checkpoint of a run.")
final class Evaluate extends Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "A file .npz or .safetensors with an array for each input and target of the model, measured in place"
                            + " of the run's data.")
    private @Nullable Path file;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}; evaluate.split of the run if not given.")
    private EvaluateConfig.@Nullable MeasuredOn split;

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A value over the run's, as in --set data.dir=DIR.")
    private List<String> settings = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--resamples",
            paramLabel = "N",
            description = "Sets of examples that are drawn for each bootstrap interval, 0 for none; ${DEFAULT-VALUE} if"
                    + " not given.")
    private int resamples = EvaluationReport.RESAMPLES;

    @Mixin
    private TaskOptions tasks = new TaskOptions();

    /** Of chats whose answers were generated. */
    private @Nullable AnswersReport answers;

    @Override
    void run() {
        if (tasks.isAsked()) {
            if (file != null || split != null || !settings.isEmpty()) {
                throw new InputException(
                        "expected --tasks or --perplexity without FILE, --split and --set, received both");
            }
            EvaluateTasks measured = new EvaluateTasks(run, checkpoint, tasks, this::say);
            EvaluateTasks.Answer answer = measured.run();
            if (json) {
                print(answer.json());
            } else {
                out().print(answer.table());
                out().flush();
            }
            keep(() -> measured.write(answer));
            return;
        }
        RunFolder folder = RunFolder.open(run, settings);
        if (file != null) {
            if (split != null) {
                throw new InputException("expected a file or --split, received both");
            }
            Dataset examples =
                    ArrayData.read(file, folder.checkpoint(checkpoint).description());
            EvaluationReport measured = Stages.measure(folder, checkpoint, examples, resamples);
            String of = suffix(file);
            report(folder, measured, null, "data", file.toString(), examples.size());
            keep(() -> Stages.write(folder, checkpoint, of, measured));
            sayWhere(measured);
            return;
        }
        EvaluateConfig.MeasuredOn part =
                split == null ? folder.config().evaluate().split() : split;
        DataParts data = folder.divided(folder.config().load(run));
        Dataset examples = RunFolder.part(data, part);
        EvaluationReport report = Stages.measure(folder, checkpoint, examples, resamples);
        AnswersReport chats = ChatAnswers.of(folder, checkpoint, part);
        answers = chats;
        String name = part.name().toLowerCase(Locale.ROOT);
        TextEvaluation texts =
                SourceEvaluation.evaluate(folder, folder.checkpoint(checkpoint), examples, resamples, this::say);
        report(folder, report, texts, "split", name, examples.size());
        keep(() -> {
            Stages.write(folder, checkpoint, "_" + name, report);
            if (chats != null) {
                ChatAnswers.write(folder, checkpoint, part, chats);
            }
            if (texts != null) {
                SourceEvaluation.write(folder, "_" + name + checkpoint.suffix(), texts);
            }
        });
        sayWhere(report);
    }

    /** Writes files beside figures that are printed already. @throws FailureException if one cannot be written */
    private static void keep(Runnable files) {
        try {
            files.run();
        } catch (FailureException e) {
            throw new FailureException(
                    e.getMessage()
                            + "; the figures are printed, and files of this evaluation are missing or of an earlier one",
                    e);
        }
    }

    private void sayWhere(EvaluationReport report) {
        if (!json && report.classes() != null) {
            say("report, confusion matrix, ROC, precision and recall, and reliability are in " + run);
        }
    }

    /** @param what the key of what was measured on @param examples how many that has */
    private void report(
            RunFolder folder,
            EvaluationReport report,
            @Nullable TextEvaluation texts,
            String what,
            String on,
            int examples) {
        List<TextScore> scores = texts == null ? List.of() : texts.scores();
        if (json) {
            ObjectNode result = report.json();
            scores.forEach(score -> put(score, result));
            result.put(what, on);
            result.put("examples", examples);
            if (answers != null) {
                result.set("answers", answers.json());
            }
            result.put("checkpoint", folder.checkpoint(checkpoint).directory().toString());
            print(result);
        } else {
            out().print(report.text());
            if (answers != null) {
                out().print(answers.text());
            }
            out().print(SourceEvaluation.text(scores));
            out().flush();
            if (isWeighted(folder.checkpoint(checkpoint).description().loss())) {
                say(
                        "loss counts each class by its weight, as training does; the other figures do not: evaluate.metrics:"
                                + " [log_loss] is the loss without weights");
            }
        }
    }

    private static void put(TextScore score, ObjectNode into) {
        into.put(score.name(), score.value());
        if (!score.signature().isEmpty()) {
            into.withObject("/signatures").put(score.name(), score.signature());
        }
        BootstrapInterval interval = score.interval();
        if (interval != null) {
            into.withObject("/intervals")
                    .putObject(score.name())
                    .put("lower", interval.lower())
                    .put("upper", interval.upper())
                    .put("confidence", interval.confidence())
                    .put("resamples", interval.resamples());
        }
    }

    /** What files of the report have behind their names. */
    private static String suffix(Path file) {
        String name = String.valueOf(file.getFileName());
        return "_" + name.substring(0, name.lastIndexOf('.'));
    }

    private static boolean isWeighted(Loss loss) {
        return loss instanceof BinaryCrossEntropy binary
                ? binary.posWeight() != 1
                : loss instanceof CrossEntropy cross && !cross.classWeights().equals(ClassWeights.of(List.of()));
    }
}
