package dev.jumbo.models.generate;

import dev.jumbo.error.InputException;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.models.language.HuggingFaceModel;
import dev.jumbo.nn.FirstValues;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.generate.CausalNetwork;
import dev.jumbo.nn.generate.Decoding;
import dev.jumbo.nn.generate.Finish;
import dev.jumbo.nn.generate.ForeseenNetwork;
import dev.jumbo.nn.generate.Generated;
import dev.jumbo.nn.generate.GeneratedToken;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.nn.generate.Generator;
import dev.jumbo.nn.generate.TokenNetwork;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Specs;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.chat.Chat;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A language model with its tokenizer: texts to texts, those that follow prompts or, of an encoder and a decoder, those that sources become. One
 * thread at a time. Close it to free its memory.
 */
public final class TextGenerator implements AutoCloseable {
    private final TokenNetwork network;
    private final Generator generator;
    private final @Nullable CausalNetwork causal;
    private final @Nullable ForeseenNetwork foreseen;
    private final TextCodec codec;
    private final @Nullable ChatTemplate template;
    private final boolean sources;

    private TextGenerator(TokenNetwork network, TextCodec codec, @Nullable ChatTemplate template, boolean sources) {
        causal = network instanceof CausalNetwork own ? own : null;
        foreseen = causal == null ? null : new ForeseenNetwork(causal);
        this.network = foreseen == null ? network : foreseen;
        this.codec = codec;
        this.template = template;
        this.sources = sources;
        generator = new Generator(this.network);
    }

    /**
     * A checkpoint whose network is a causal language model, or an encoder and a decoder, with the tokenizer that it took along.
     *
     * @throws InputException if it is another network, or has no tokenizer
     */
    public static TextGenerator open(Checkpoint checkpoint) {
        return open(checkpoint, null);
    }

    /** As {@link #open(Checkpoint)}. @param tokenizer in the place of the checkpoint's, or null */
    public static TextGenerator open(Checkpoint checkpoint, @Nullable TokenizerConfig tokenizer) {
        ModelFile description = checkpoint.description();
        AnsweringModel kind = AnsweringModel.of(description);
        Optional<TextCodec> found =
                tokenizer == null ? TextCodec.of(description) : Optional.of(TextCodec.of(tokenizer));
        TextCodec codec = found.orElseThrow(() -> new InputException("expected a tokenizer in the checkpoint "
                + checkpoint.directory() + ", found none; name the one that its data was made with (--tokenizer)"));
        try {
            int vocabulary = (int) description.outputs().main().shape().size(1);
            if (codec.size() > vocabulary) {
                throw new InputException("expected a tokenizer of at most " + vocabulary
                        + " tokens, as the model has, received one of " + codec.size()
                        + "; it is not the one that the model was trained with");
            }
            return new TextGenerator(
                    kind.open(checkpoint),
                    codec,
                    TextCodec.template(description, tokenizer).orElse(null),
                    kind.reads());
        } catch (RuntimeException e) {
            codec.close();
            throw e;
        }
    }

    /**
     * A Hugging Face directory with a decoder and its tokenizer.
     *
     * @throws InputException as {@link HuggingFace#read}, if it is another network, or has no tokenizer
     */
    public static TextGenerator open(Path directory, @Nullable TokenizerConfig tokenizer) {
        HuggingFaceModel read = HuggingFace.read(directory);
        Specs inputs = AnsweringModel.causal(read.model().layer(), read.model().inputs())
                .orElseThrow(() -> new InputException("expected a causal language model in " + directory
                        + ", from ids of tokens [T] to logits [T, vocabulary] of the next one, received a model of "
                        + read.model().inputs() + "; jumbo import makes a run of it"));
        if (tokenizer == null && !KeptTokenizer.isIn(read.files())) {
            throw new InputException("expected a tokenizer in " + directory + ", found none; name one (--tokenizer)");
        }
        TextCodec codec = tokenizer == null ? KeptTokenizer.open(read.files()) : TextCodec.of(tokenizer);
        try {
            if (codec.size() > read.model().vocabSize()) {
                throw new InputException("expected a tokenizer of at most "
                        + read.model().vocabSize() + " tokens, as the model has, received one of " + codec.size());
            }
            Model model = Model.build(
                    read.model().layer(),
                    inputs,
                    FirstValues.loaded(Weights.of(read.weights())),
                    ParameterGroups.none(),
                    Device.CPU);
            return new TextGenerator(
                    CausalNetwork.of(model, (int) inputs.main().shape().size(0)), codec, null, false);
        } catch (RuntimeException e) {
            codec.close();
            throw e;
        }
    }

    /** Whether prompts are sources that an encoder reads, such as sentences to be translated, and answers do not go on from them. */
    public boolean readsSources() {
        return sources;
    }

    /** As {@link #readsSources()}, of what a checkpoint has: false where it took no tokenizer along. */
    public static boolean readsSources(ModelFile description) {
        return TextCodec.isIn(description)
                && AnsweringModel.find(description)
                        .filter(AnsweringModel::reads)
                        .isPresent();
    }

    /**
     * What scores given texts with this model, as long as it is open.
     *
     * @throws InputException if the model reads a source with an encoder
     */
    public TextScorer scorer() {
        if (causal != null) {
            return new TextScorer(causal, codec);
        }
        throw new InputException(
                "expected a causal language model to score texts, received one that reads a source with an"
                        + " encoder; jumbo evaluate RUN measures what such a model writes");
    }

    /** The most tokens of prompt and answer together. */
    public int context() {
        return network.context();
    }

    /**
     * The tokens that a prompt is: the mark of a beginning where the tokenizer has one, and the text's; of a source the text's with the marks
     * that the encoder learned with.
     *
     * @throws InputException if there are none
     */
    public int[] tokens(String prompt) {
        if (sources) {
            return source(prompt);
        }
        int[] text = prompt.isEmpty() ? new int[0] : codec.encode(prompt);
        return tokens(prompt.isEmpty() ? codec.anything() : codec.beginning(), text);
    }

    private static int[] tokens(List<Integer> before, int[] text) {
        int[] all = new int[before.size() + text.length];
        for (int i = 0; i < before.size(); i++) {
            all[i] = before.get(i);
        }
        System.arraycopy(text, 0, all, before.size(), text.length);
        if (all.length == 0) {
            throw new InputException(
                    "expected a prompt of one token or more, received none, and the model has no mark of"
                            + " a beginning; give a text (--prompt)");
        }
        return all;
    }

    private int[] source(String text) {
        if (text.isBlank()) {
            throw new InputException("expected a text for the encoder to read, received none; give one (--prompt)");
        }
        return codec.source(text);
    }

    /** The text of tokens. */
    public String text(int[] tokens) {
        return codec.decode(known(tokens));
    }

    /** Models may have more logits than their tokenizer has tokens. */
    private int[] known(int[] tokens) {
        int[] known = new int[tokens.length];
        int count = 0;
        for (int token : tokens) {
            if (token < codec.size()) {
                known[count++] = token;
            }
        }
        return count == tokens.length ? known : Arrays.copyOf(known, count);
    }

    /** The answer to a prompt of tokens, as {@link #tokens(String)} gives them. */
    public TextAnswer generate(int[] prompt, GenerationConfig config) {
        return answers(prompt, withEnds(config)).get(0);
    }

    /** The answer to a prompt. */
    public TextAnswer generate(String prompt, GenerationConfig config) {
        return generateAll(prompt, config).get(0);
    }

    /** The answer, which is heard piece by piece while it is made: never half a character, never the beginning of a stop. */
    public TextAnswer generate(String prompt, GenerationConfig config, Consumer<String> heard) {
        return answer(tokens(prompt), withEnds(config), 0, heard);
    }

    /** The answers to a prompt, {@link GenerationConfig#numReturnSequences} of them. */
    public List<TextAnswer> generateAll(String prompt, GenerationConfig config) {
        return answers(tokens(prompt), withEnds(config));
    }

    /** As {@link #generateAll(String, GenerationConfig)}, for several prompts, none of which has a part in another's answer. */
    public List<List<TextAnswer>> generateBatch(List<String> prompts, GenerationConfig config) {
        List<int[]> tokens = prompts.stream().map(this::tokens).toList();
        // All are checked before the first one is computed.
        tokens.forEach(network::start);
        GenerationConfig ended = withEnds(config);
        return tokens.stream().map(each -> answers(each, ended)).toList();
    }

    /** The form of conversations that the model learned: of its chats, or of its Hugging Face directory; empty where none is known. */
    public Optional<ChatTemplate> template() {
        return Optional.ofNullable(template);
    }

    /**
     * The tokens of a conversation that is to be answered. The model's own template writes the mark of a beginning itself, if there is to be one.
     *
     * @throws InputException if the template refuses the conversation, or the tokenizer reads its marks as text
     */
    public int[] tokens(Chat chat, ChatTemplate template) {
        String prompt = template.prompt(chat);
        for (String mark : template.marks()) {
            if (prompt.contains(mark) && codec.encode(mark).length != 1) {
                throw new InputException("expected a tokenizer that reads the template's " + mark
                        + " as one token, received one that reads it as text; name one that does (--tokenizer, a directory with"
                        + " tokenizer.json), or another template (--template plain)");
            }
        }
        return tokens(
                isOwn(template) || !template.marks().isEmpty() ? List.of() : codec.beginning(), codec.encode(prompt));
    }

    /** The answer to a conversation, heard as {@link #generate(String, GenerationConfig, Consumer)} is; what the template writes behind one ends it. */
    public TextAnswer answer(Chat chat, ChatTemplate template, GenerationConfig config, Consumer<String> heard) {
        int[] prompt = tokens(chat, template);
        GenerationConfig ended = withEnds(ended(config, template.answerEnd(isOwn(template))));
        if (ended.beams() == null) {
            return answer(prompt, ended, 0, heard);
        }
        TextAnswer best = answers(prompt, ended).get(0);
        heard.accept(best.text());
        return best;
    }

    /**
     * Passes a whole conversation at once, so that its answers, asked for one by one, cost nothing as long as they go along what stands there; the
     * next conversation takes its place. What is beyond the context is left out. Answers are the same but for the rounding of one pass and of many.
     *
     * @param first the message that is the first such answer
     */
    public void foresee(Chat chat, ChatTemplate template, int first) {
        if (foreseen == null) {
            return;
        }
        int[] prompt = tokens(chat.with(chat.messages().subList(0, first)), template);
        int[] whole = codec.encode(template.text(chat));
        // A mark of a beginning may stand before.
        int added = prompt.length
                - codec.encode(template.prompt(chat.with(chat.messages().subList(0, first)))).length;
        int[] all = new int[Math.min(added + whole.length, context())];
        System.arraycopy(prompt, 0, all, 0, added);
        System.arraycopy(whole, 0, all, added, all.length - added);
        if (prompt.length <= all.length) {
            foreseen.show(all, prompt.length - 1);
        } else {
            foreseen.forget();
        }
    }

    private boolean isOwn(ChatTemplate other) {
        return template != null && template.text().equals(other.text());
    }

    /** A mark ends an answer as a token, since it has no text; anything else as text. */
    private GenerationConfig ended(GenerationConfig config, String end) {
        if (end.isEmpty() || config.eosTokenIds() != null) {
            return config;
        }
        int[] ids = codec.encode(end);
        if (ids.length > 0 && codec.isMark(ids[0])) {
            List<Integer> ends = new ArrayList<>(codec.ends());
            ends.add(ids[0]);
            return config.eos(ends);
        }
        List<String> stops = new ArrayList<>(config.stop());
        stops.add(end);
        return config.stop(stops);
    }

    private GenerationConfig withEnds(GenerationConfig config) {
        if (config.beams() != null && !config.stop().isEmpty()) {
            throw new InputException("stop: expected no beams beside texts that end an answer; leave one of them out");
        }
        return config.eosTokenIds() == null ? config.eos(codec.ends()) : config;
    }

    private List<TextAnswer> answers(int[] prompt, GenerationConfig config) {
        List<TextAnswer> answers = new ArrayList<>();
        if (config.beams() != null) {
            for (Generated generated : generator.generateAll(prompt, config)) {
                TextStream stream = new TextStream(this::text, before(prompt), List.of());
                StringBuilder text = new StringBuilder();
                generated.tokens().forEach(token -> text.append(stream.add(token.id())));
                answers.add(new TextAnswer(text.append(stream.end()).toString(), prompt.length, generated));
            }
            return answers;
        }
        for (int i = 0; i < config.numReturnSequences(); i++) {
            answers.add(answer(prompt, config, i, piece -> {}));
        }
        return answers;
    }

    private TextAnswer answer(int[] prompt, GenerationConfig config, int index, Consumer<String> heard) {
        TextStream stream = new TextStream(this::text, before(prompt), config.stop());
        StringBuilder text = new StringBuilder();
        List<GeneratedToken> tokens = new ArrayList<>();
        try (Decoding decoding = generator.decode(prompt, config, index)) {
            while (!stream.stopped() && decoding.hasNext()) {
                GeneratedToken token = decoding.next();
                tokens.add(token);
                hear(stream.add(token.id()), text, heard);
            }
            if (stream.stopped()) {
                decoding.end(Finish.STOP);
            }
            hear(stream.end(), text, heard);
            // A stop may be found in what was still waiting.
            Finish finish = stream.stopped() ? Finish.STOP : Objects.requireNonNull(decoding.finish());
            return new TextAnswer(text.toString(), prompt.length, new Generated(tokens, finish, Double.NaN));
        }
    }

    /** What the answer goes on from. */
    private int[] before(int[] prompt) {
        return sources ? new int[0] : prompt;
    }

    private static void hear(String piece, StringBuilder text, Consumer<String> heard) {
        if (!piece.isEmpty()) {
            text.append(piece);
            heard.accept(piece);
        }
    }

    @Override
    public void close() {
        network.close();
        codec.close();
    }
}
