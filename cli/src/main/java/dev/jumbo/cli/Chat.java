package dev.jumbo.cli;

import dev.jumbo.error.FailureException;
import dev.jumbo.models.generate.TextAnswer;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.nn.generate.Finish;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.text.chat.ChatTemplates;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo chat}: a conversation with a language model in the terminal, a line a turn. */
@Command(
        name = "chat",
        description = {
            "Chat: a conversation with a language model, a line a turn.",
            "/reset begins anew; /exit or the end of input ends it. /tool TEXT is a line that a tool answers, such as a fact,"
                    + " before the next turn."
        })
final class Chat extends Verb {
    private static final String TOOL = "/tool ";

    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Mixin
    private SamplingOptions sampling = new SamplingOptions();

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before the conversation.")
    private String system = "";

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(
            names = "--tokenizer",
            paramLabel = "PATH",
            description = "A tokenizer's folder or file, where the checkpoint has none.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--template",
            paramLabel = "FORM",
            description =
                    "How turns are written: chatml, plain, a file or a text in Jinja; the model's own if not given.")
    private @Nullable String form;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description =
                    "A line of the conversation, in the place of what stands at the input; may be given several times.")
    private List<String> messages = List.of();

    @Override
    void run() {
        GenerationConfig config = sampling.config(List.of());
        Checkpoint chosen = checkpoint == RunFolder.Choice.BEST ? Checkpoint.best(run) : Checkpoint.latest(run);
        try (TextGenerator model =
                        TextGenerator.open(chosen, tokenizer == null ? null : PretrainedTokens.of(tokenizer));
                BufferedReader lines = new BufferedReader(
                        messages.isEmpty()
                                ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
                                : new StringReader(String.join("\n", messages)))) {
            converse(model, template(model), config, lines);
        } catch (IOException e) {
            throw new FailureException("cannot read the conversation: " + e.getMessage(), e);
        }
    }

    private ChatTemplate template(TextGenerator model) {
        if (form != null) {
            return ChatTemplate.of(ChatTemplates.text(form, List.of()), "", "");
        }
        return model.template().orElseGet(() -> {
            say("the model has no template of its own for conversations: turns are lines that begin with User: and"
                    + " Assistant:");
            return ChatTemplate.of(ChatTemplates.PLAIN, "", "");
        });
    }

    private void converse(TextGenerator model, ChatTemplate template, GenerationConfig config, BufferedReader lines)
            throws IOException {
        Conversation chat = new Conversation(system);
        while (true) {
            prompt();
            String line = lines.readLine();
            if (line == null || line.strip().equals("/exit")) {
                return;
            }
            if (line.strip().equals("/reset")) {
                chat = new Conversation(system);
                continue;
            }
            if (line.isBlank()) {
                continue;
            }
            if (line.startsWith(TOOL)) {
                chat.tool(line.substring(TOOL.length()).strip());
                continue;
            }
            chat.user(line.strip());
            int forgotten = chat.fit(
                    turns -> model.tokens(turns, template).length,
                    // Room for a long answer is no reason to forget more than half.
                    Math.max(model.context() / 2, model.context() - config.maxNewTokens()));
            if (forgotten > 0) {
                say("the context is full: the first " + forgotten + " turns are forgotten");
            }
            TextAnswer answer = answer(model, template, config, chat);
            chat.assistant(answer.text().strip());
            if (answer.generated().finish() == Finish.CONTEXT) {
                say("the answer ends as the context of " + model.context() + " tokens is full");
            }
        }
    }

    private TextAnswer answer(TextGenerator model, ChatTemplate template, GenerationConfig config, Conversation chat) {
        boolean[] begun = new boolean[1];
        TextAnswer answer = model.answer(chat.chat(), template, config, piece -> {
            // The blank behind "Assistant:" is none of the answer.
            String shown = begun[0] ? piece : piece.stripLeading();
            begun[0] = begun[0] || !shown.isEmpty();
            out().print(shown);
            out().flush();
        });
        out().println();
        out().flush();
        return answer;
    }

    /** Where a person types. */
    private void prompt() {
        if (Boolean.getBoolean(Progress.TERMINAL_PROPERTY)) {
            spec.commandLine().getErr().print("> ");
            spec.commandLine().getErr().flush();
        }
    }
}
