package dev.jumbo.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.AnswerEvaluation;
import dev.jumbo.models.generate.AnswersReport;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.models.generate.WrongAnswer;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.dataset.ChatSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The generated answers of a run's chats, where {@code evaluate.answers} asks for them. */
final class ChatAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChatAnswers() {}

    /**
     * How many are right, or null where none are asked for. Those that are wrong are written beside the run.
     *
     * @throws InputException if the data has no chats of this part
     */
    static @Nullable AnswersReport of(RunFolder run, RunFolder.Choice checkpoint, EvaluateConfig.MeasuredOn part) {
        GenerationConfig config = run.config().evaluate().answers();
        if (config == null) {
            return null;
        }
        DataConfig data = run.config().data();
        ChatSource chats = (ChatSource) data.dataset(); // The configuration is refused otherwise.
        List<String> named = switch (part) {
            case TRAIN -> chats.train();
            case VALIDATION -> chats.validation();
            case TEST -> chats.test();
        };
        String name = part.name().toLowerCase(Locale.ROOT);
        if (named.isEmpty()) {
            throw new InputException("evaluate.answers: expected files of chats at chats." + name
                    + ", received none; name them, or choose another --split");
        }
        List<Path> files = chats.files(named, data.dir());
        try (TextGenerator model = TextGenerator.open(run.checkpoint(checkpoint))) {
            ChatTemplate template = model.template()
                    .orElseThrow(
                            () -> new InputException("evaluate.answers: expected a checkpoint with a chat template,"
                                    + " as training on chats writes it, found none in " + run.directory()));
            boolean last = chats.learn() == ChatSource.Learn.LAST_ANSWER;
            AnswersReport report = new AnswerEvaluation(model, template, config, last).of(files, chats.format());
            write(report, run.directory().resolve("wrong_answers_" + name + suffix(checkpoint) + ".jsonl"));
            return report;
        }
    }

    private static String suffix(RunFolder.Choice checkpoint) {
        return checkpoint == RunFolder.Choice.LAST ? "_last" : "";
    }

    private static void write(AnswersReport report, Path file) {
        StringBuilder lines = new StringBuilder();
        for (WrongAnswer wrong : report.wrong()) {
            lines.append(JSON.createObjectNode()
                            .put("where", wrong.where())
                            .put("message", wrong.message())
                            .put("expected", wrong.expected())
                            .put("received", wrong.received()))
                    .append('\n');
        }
        Output.write(file, lines.toString());
    }
}
