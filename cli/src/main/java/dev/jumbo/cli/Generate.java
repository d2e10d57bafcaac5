package dev.jumbo.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.TextAnswer;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.nn.generate.Finish;
import dev.jumbo.nn.generate.GeneratedToken;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.corpus.PairReader;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo generate}: what a language model writes behind a prompt, or an encoder and a decoder make of a source. */
@Command(name = "generate", description = "Generate: the text that a language model writes behind each prompt.")
final class Generate extends Verb {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "What the text goes on from; may be given several times. Without one it begins anew.")
    private List<String> prompts = List.of("");

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "A file with a prompt in each line, or - for standard input; in the place of --prompt.")
    private @Nullable String file;

    @Mixin
    private SamplingOptions sampling = new SamplingOptions();

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(
            names = "--tokenizer",
            paramLabel = "PATH",
            description = "A tokenizer's folder or file, where the checkpoint has none.")
    private @Nullable Path tokenizer;

    @Option(names = "--json", description = "Write a JSON object for each answer, on one line.")
    private boolean json;

    @Option(names = "--stream", description = "Write the text while it is made; with --json a line for each piece.")
    private boolean stream;

    @Option(names = "--echo", description = "Write the prompt before the text.")
    private boolean echo;

    /** The most tokens that the model was made for. */
    private int positions = Integer.MAX_VALUE;

    @Override
    void run() {
        GenerationConfig config = sampling.config(List.of());
        if (file != null) {
            readPrompts(file);
        }
        if (stream && (prompts.size() > 1 || config.numReturnSequences() > 1 || config.beams() != null)) {
            throw new InputException("--stream: expected one prompt with one answer and no beams; leave --stream out");
        }
        positions = RotaryReach.of(run).orElse(Integer.MAX_VALUE);
        Checkpoint chosen = checkpoint == RunFolder.Choice.BEST ? Checkpoint.best(run) : Checkpoint.latest(run);
        try (TextGenerator model =
                TextGenerator.open(chosen, tokenizer == null ? null : PretrainedTokens.of(tokenizer))) {
            if (stream) {
                stream(model, prompts.get(0), config);
                return;
            }
            List<List<TextAnswer>> answers = model.generateBatch(prompts, config);
            for (int i = 0; i < prompts.size(); i++) {
                for (TextAnswer answer : answers.get(i)) {
                    if (json) {
                        print(describe(model, prompts.get(i), answer));
                    } else {
                        out().println((echo ? prompts.get(i) : "") + answer.text());
                    }
                    warn(model, config, answer);
                }
            }
        }
    }

    private void readPrompts(String from) {
        if (!prompts.equals(List.of(""))) {
            throw new InputException("expected --prompt or --prompts, received both");
        }
        List<String> lines = new ArrayList<>();
        if (from.equals(Examples.STDIN)) {
            try {
                lines.addAll(PairReader.lines(System.in.readAllBytes(), "standard input"));
            } catch (IOException e) {
                throw new FailureException("cannot read standard input: " + e, e);
            }
        } else if (Files.isRegularFile(Path.of(from))) {
            lines.addAll(PairReader.lines(Path.of(from)));
        } else {
            throw new InputException("--prompts: expected a file with a prompt in each line, found none at " + from);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                throw new InputException(
                        "--prompts: expected a prompt in each line, received a blank line " + (i + 1) + " in " + from);
            }
        }
        if (lines.isEmpty()) {
            throw new InputException("--prompts: expected a prompt in each line, received none in " + from);
        }
        prompts = lines;
    }

    private void stream(TextGenerator model, String prompt, GenerationConfig config) {
        if (echo && !json) {
            out().print(prompt);
        }
        TextAnswer answer = model.generate(prompt, config, piece -> {
            if (json) {
                print(JSON.createObjectNode().put("piece", piece));
            } else {
                out().print(piece);
            }
            out().flush();
        });
        if (json) {
            print(describe(model, prompt, answer));
        } else {
            out().println();
        }
        warn(model, config, answer);
    }

    private void warn(TextGenerator model, GenerationConfig config, TextAnswer answer) {
        int tokens = answer.promptTokens() + answer.generated().tokens().size();
        if (Math.min(tokens, model.context()) > positions) {
            say("the prompt and its text have " + tokens + " tokens, more than the model's max_position_embeddings of "
                    + positions + ", for which its weights were made");
        }
        if (answer.generated().finish() == Finish.CONTEXT) {
            say("the text ends after " + answer.generated().tokens().size() + " of " + config.maxNewTokens()
                    + " tokens, as the model's context of " + model.context()
                    + " is full; --at-context-end roll forgets its older half and goes on");
        }
    }

    private ObjectNode describe(TextGenerator model, String prompt, TextAnswer answer) {
        ObjectNode node = JSON.createObjectNode();
        node.put("prompt", prompt);
        node.put("text", (echo ? prompt : "") + answer.text());
        node.put("finish_reason", answer.generated().finish().name().toLowerCase(Locale.ROOT));
        node.put("prompt_tokens", answer.promptTokens());
        node.put("new_tokens", answer.generated().tokens().size());
        ArrayNode ids = node.putArray("token_ids");
        answer.generated().tokens().forEach(token -> ids.add(token.id()));
        if (!Double.isNaN(answer.generated().score())) {
            node.put("score", answer.generated().score());
        }
        if (answer.generated().tokens().stream().anyMatch(token -> token.logprob() != null)) {
            ArrayNode all = node.putArray("logprobs");
            answer.generated().tokens().forEach(token -> describe(model, token, all.addObject()));
        }
        return node;
    }

    private static void describe(TextGenerator model, GeneratedToken token, ObjectNode into) {
        into.put("id", token.id())
                .put("token", model.text(new int[] {token.id()}))
                .put("logprob", token.logprob());
        ArrayNode top = into.putArray("top");
        token.top()
                .forEach(choice -> top.addObject()
                        .put("id", choice.id())
                        .put("token", model.text(new int[] {choice.id()}))
                        .put("logprob", choice.logprob()));
    }
}
