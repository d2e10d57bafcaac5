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
     * How many are right, or null where none are asked for.
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
            return new AnswerEvaluation(model, template, config, last).of(files, chats.format());
        }
    }

    /** Writes those that are wrong beside the run. */
    static void write(
            RunFolder run, RunFolder.Choice checkpoint, EvaluateConfig.MeasuredOn part, AnswersReport report) {
        StringBuilder lines = new StringBuilder();
        for (WrongAnswer wrong : report.wrong()) {
            lines.append(JSON.createObjectNode()
                            .put("where", wrong.where())
                            .put("message", wrong.message())
                            .put("expected", wrong.expected())
                            .put("received", wrong.received()))
                    .append('\n');
        }
        String name = "wrong_answers_" + part.name().toLowerCase(Locale.ROOT) + checkpoint.suffix() + ".jsonl";
        Output.write(run.directory().resolve(name), lines.toString());
    }
}
