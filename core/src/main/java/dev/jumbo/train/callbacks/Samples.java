package dev.jumbo.train.callbacks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.data.transform.TokenTexts;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.generate.CausalNetwork;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.nn.generate.Generator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a causal language model in training writes, each so many steps: a line in the log, and one in {@code samples.jsonl} of the run, {@code
 * {"step", "prompt", "text"}}. Training is the same with it and without: it draws nothing of the generator that training draws from.
 */
public final class Samples implements Callback {
    /** In the directory of the run. */
    public static final String FILE = "samples.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger("dev.jumbo.train.samples");
    private static final JsonMapper JSON = new JsonMapper();

    private final Settings settings;
    private final TokenTexts texts;
    private final int[] prompt;
    private final GenerationConfig generation;

    /**
     * The key {@code train.samples}.
     *
     * @param everySteps 1 or more
     * @param prompt of one token or more
     * @param generation how the answer is chosen; its ends are those of the tokenizer unless it names others
     */
    @Doc("What the model writes, each so many steps.")
    public record Settings(
            @Doc("Steps of the optimizer between two samples.")
            int everySteps,

            @Doc("The text that it goes on from.") String prompt,

            @Doc("How its tokens are chosen.") @Default("{max_new_tokens: 100}")
            GenerationConfig generation) {
        public Settings {
            if (everySteps < 1) {
                throw new InputException("samples.every_steps: expected 1 or more, received " + everySteps);
            }
            if (prompt.isEmpty()) {
                throw new InputException("samples.prompt: expected one character or more, received none");
            }
            if (!generation.stop().isEmpty()) {
                throw new InputException(
                        "samples.generation.stop: expected none, as samples end by eos_token_ids alone," + " received "
                                + generation.stop());
            }
        }
    }

    /** @param texts closed with this @throws InputException if the prompt has something that no id stands for */
    public Samples(Settings settings, TokenTexts texts) {
        this.settings = settings;
        this.texts = texts;
        try {
            prompt = texts.ids(settings.prompt());
        } catch (InputException e) {
            texts.close();
            throw new InputException("samples.prompt: " + e.getMessage(), e);
        }
        GenerationConfig asked = settings.generation();
        generation = asked.eosTokenIds() == null ? asked.eos(texts.ends()) : asked;
    }

    @Override
    public boolean onFirstWorkerOnly() {
        return true;
    }

    @Override
    public void onStart(TrainingState state) {
        // Refuses a model of another kind, or a prompt that is too long, before the first step.
        CausalNetwork.over(state.model()).start(prompt);
    }

    @Override
    public void onStep(TrainingState state) {
        if (state.step() % settings.everySteps() != 0) {
            return;
        }
        Generator generator = new Generator(CausalNetwork.over(state.model()));
        String text = texts.text(generator.generate(prompt, generation).ids());
        LOG.info("sample at step {}: {}{}", state.step(), settings.prompt(), text);
        Path directory = state.directory();
        if (directory != null) {
            ObjectNode line = JSON.createObjectNode()
                    .put("step", state.step())
                    .put("prompt", settings.prompt())
                    .put("text", text);
            try {
                Files.writeString(
                        directory.resolve(FILE),
                        line + "\n",
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new FailureException("cannot write " + directory.resolve(FILE) + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        texts.close();
    }
}
