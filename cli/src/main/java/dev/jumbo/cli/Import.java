package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ForeignRun;
import dev.jumbo.models.imports.ImportedModel;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.adapt.AdapterRuns;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo import}: a model that another program saved becomes a run. */
@Command(
        name = "import",
        description =
                "Make a run of a Hugging Face directory (config.json, model.safetensors, tokenizer.json), a GGUF file, a .bin"
                        + " of llama2.c, an adapter of PEFT, or of safetensors of a model that a configuration describes.")
final class Import extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A directory with config.json and model.safetensors, or shards with an index; or a file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path directory;

    @Option(names = "--out", paramLabel = "RUN", required = true, description = "The directory of the run to make.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path out;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description =
                    "Of llama2.c: its tokenizer; tok512.bin, by the size of the vocabulary, or tokenizer.bin beside the"
                            + " model if not given.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Of safetensors: a run's YAML with their model, and train.init_map where names differ. Nothing is trained.")
    private @Nullable Path configuration;

    @Option(
            names = "--base",
            paramLabel = "RUN",
            description =
                    "Of an adapter (adapter_config.json, adapter_model.safetensors): the run of the model that it is for.")
    private @Nullable Path base;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A value over that of --config. May be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--json", description = "Say what was made as JSON.")
    private boolean json;

    @Override
    void run() {
        if (base != null) {
            adapter(base);
            return;
        }
        if (Files.exists(directory.resolve("adapter_config.json"))) {
            throw new InputException(
                    directory + " is an adapter of PEFT: expected --base RUN beside it, the run of the model"
                            + " that it is for (jumbo import makes one of the model's own directory)");
        }
        if (configuration != null) {
            described(configuration);
            return;
        }
        if (!settings.isEmpty()) {
            throw new InputException("--set: expected --config FILE beside it, whose values it sets");
        }
        boolean file = Files.isRegularFile(directory);
        if (!Files.exists(directory)) {
            throw new InputException(
                    "expected a directory of Hugging Face (config.json, model.safetensors), a GGUF file or a"
                            + " .bin of llama2.c at " + directory + ", found nothing there");
        }
        if (!file && tokenizer != null) {
            throw new InputException("--tokenizer: expected none beside a directory, which has its own");
        }
        ImportedModel read = file
                ? new ImportedFile(directory, tokenizer, this::say).read()
                : ImportedModel.of(HuggingFace.read(directory));
        Checkpoint made = ForeignRun.write(read, out);
        Output.write(
                out.resolve(RunFolder.CONFIGURATION),
                RunConfig.imported(read.model()).yaml());
        int tensors = read.weights().tensors().size();
        int longest = read.model().maxPositionEmbeddings();
        long parameters = read.weights().tensors().values().stream()
                .mapToLong(stored -> stored.shape().elements())
                .sum();
        if (json) {
            ObjectNode said = JsonNodeFactory.instance.objectNode();
            said.put("checkpoint", made.directory().toString());
            said.put("parameters", parameters);
            said.put("tensors", tensors);
            said.put("longest", longest);
            said.put("format", read.format());
            read.files().keySet().forEach(said.putArray("files")::add);
            print(said);
            return;
        }
        out().println(String.format(
                Locale.ROOT,
                "%s: %s, %,d parameters in %d tensors, sequences of up to %,d tokens%s",
                made.directory(),
                read.format(),
                parameters,
                tensors,
                longest,
                file && read.tokenizer() == null ? ", without a tokenizer" : ""));
        if (!read.files().isEmpty()) {
            out().println("with " + String.join(", ", read.files().keySet()));
        }
    }

    private void adapter(Path of) {
        if (tokenizer != null || configuration != null || !settings.isEmpty()) {
            throw new InputException("--base: expected neither --tokenizer, --config nor --set beside it");
        }
        RunFolder folder = RunFolder.open(of, List.of());
        Checkpoint made = AdapterRuns.attach(folder.checkpoint(RunFolder.Choice.BEST), directory, out);
        RunConfig config = folder.config();
        Output.write(
                out.resolve(RunFolder.CONFIGURATION),
                config.with(Trainer.of(config.layer())
                                .config(config.train())
                                .initFrom(of)
                                .adapter(Objects.requireNonNull(
                                                made.description().base())
                                        .adapter())
                                .config())
                        .yaml());
        if (json) {
            print(JsonNodeFactory.instance
                    .objectNode()
                    .put("checkpoint", made.directory().toString()));
        } else {
            out().println(made.directory() + ": the adapter of " + directory + " beside " + of);
        }
    }

    private void described(Path file) {
        if (tokenizer != null) {
            throw new InputException("--tokenizer: expected none beside --config, whose data has the tokenizer");
        }
        Checkpoint made = new DescribedImport(directory, file, settings).write(out);
        long parameters = FlatOrder.count(
                FlatOrder.of(made.description().model(), made.description().specs())
                        .trainable());
        int tensors = Objects.requireNonNull(made.manifest().origin()).loaded();
        if (json) {
            ObjectNode said = JsonNodeFactory.instance.objectNode();
            said.put("checkpoint", made.directory().toString());
            said.put("parameters", parameters);
            said.put("tensors", tensors);
            said.put("format", "safetensors");
            print(said);
            return;
        }
        out().println(String.format(
                Locale.ROOT,
                "%s: %,d parameters in %d tensors of %s",
                made.directory(),
                parameters,
                tensors,
                directory));
    }
}
