package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import dev.jumbo.models.language.Families;
import dev.jumbo.nn.adapt.Lora;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.onnx.run.Comparison;
import dev.jumbo.tensor.DType;
import dev.jumbo.train.adapt.AdapterRuns;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jumbo export}: a run's model for other programs. */
@Command(
        name = "export",
        description =
                "Export a run's model: as a file of ONNX, which is compared with ONNX Runtime before it appears, or as"
                        + " a Hugging Face directory, or its adapter for PEFT.")
final class Export extends Verb {
    /** A difference above this is a wrong file, not rounding. */
    private static final double MOST = 1e-4;

    @Parameters(index = "0", paramLabel = "RUN", description = "The directory of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path run;

    @Option(names = "--onnx", paramLabel = "FILE", description = "The file of ONNX to write, as in model.onnx.")
    private @Nullable Path onnx;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private Format format = Format.ONNX;

    @Option(names = "--out", paramLabel = "DIR", description = "The directory to write, with --format hf or peft.")
    private @Nullable Path out;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "Type of the weights with --format hf: float32, float16, bfloat16; as the run has them if not given.")
    private @Nullable DType type;

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            description = "The largest file of weights with --format hf, as in 500MB; ${DEFAULT-VALUE} if not given.")
    private String maxShardSize = "5GB";

    @Option(
            names = "--base-model",
            paramLabel = "NAME",
            description = "The base's name or path for transformers, which --format peft writes down.")
    private @Nullable String baseModel;

    @Option(names = "--checkpoint", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
    private RunFolder.Choice checkpoint = RunFolder.Choice.BEST;

    @Option(
            names = "--opset",
            paramLabel = "VERSION",
            description = "Version of the operators, " + OnnxExport.OPSET + " to " + OnnxExport.NEWEST_OPSET
                    + "; ${DEFAULT-VALUE} if not given.")
    private int opset = OnnxExport.OPSET;

    @Option(
            names = "--prepared",
            description = "Take inputs as the network does, behind preprocessing, instead of raw ones.")
    private boolean prepared;

    @Option(names = "--json", description = "Say what was written as JSON.")
    private boolean json;

    /** What is written. */
    enum Format {
        /** A file of ONNX. */
        ONNX,
        /** A directory that transformers reads. */
        HF,
        /** The adapter of a run, as PEFT reads it. */
        PEFT
    }

    @Override
    void run() {
        Checkpoint chosen = checkpoint == RunFolder.Choice.BEST ? Checkpoint.best(run) : Checkpoint.latest(run);
        if (baseModel != null && format != Format.PEFT) {
            throw new InputException("--base-model: expected --format peft beside it, received another format");
        }
        if (format == Format.PEFT) {
            peft(chosen);
            return;
        }
        if (format == Format.HF) {
            if (out == null || onnx != null) {
                throw new InputException("--format hf: expected --out DIR and no --onnx, received "
                        + (onnx == null ? "no --out" : "--onnx " + onnx));
            }
            ExportedDirectory written = ExportedDirectory.write(chosen, out, type, maxShardSize);
            if (json) {
                print(written.json());
            } else {
                out().println(written.text());
            }
            return;
        }
        if (onnx == null || out != null || type != null) {
            throw new InputException(
                    "expected --onnx FILE for a file of ONNX, or --format hf --out DIR for a directory," + " received "
                            + (onnx == null ? "no --onnx" : "--onnx with --out or --dtype"));
        }
        onnx(chosen, onnx);
    }

    private void peft(Checkpoint chosen) {
        if (out == null || onnx != null || type != null) {
            throw new InputException("--format peft: expected --out DIR, and neither --onnx nor --dtype");
        }
        ModelFile file = chosen.description();
        AdapterRuns.savePeft(
                chosen,
                out,
                baseModel,
                Families.peftTask(AdapterRuns.plain(chosen), file.inputs()).orElse(null));
        if (file.base() != null && file.base().adapter() instanceof Lora lora && isInteger(lora.baseStorage())) {
            say("trained beside a base in " + lora.baseStorage().toString().toLowerCase(Locale.ROOT)
                    + ": beside one in fp32 or bf16, PEFT's answers differ by what its rounding changed; jumbo merge has"
                    + " the base as it was in training");
        }
        if (json) {
            print(JsonNodeFactory.instance.objectNode().put("directory", out.toString()));
        } else {
            out().println("wrote " + out + ": adapter_config.json, adapter_model.safetensors");
        }
    }

    private static boolean isInteger(Storage storage) {
        return storage == Storage.INT8 || storage == Storage.INT4;
    }

    private void onnx(Checkpoint chosen, Path file) {
        if (file.getFileName() == null || Files.isDirectory(file)) {
            throw new InputException("--onnx: expected the name of a file, as in model.onnx, received " + file);
        }
        OnnxExport raw = OnnxExport.of(chosen).opset(opset);
        OnnxExport export = prepared ? raw.prepared() : raw;
        OnnxModel model = export.model();
        Comparison compared = Output.inWork(Durable.parent(file), work -> {
            Path draft = work.resolve(file.getFileName());
            write(model, draft);
            Comparison made = Comparison.of(chosen, draft, export.isRaw());
            if (!(made.largest() <= MOST)) {
                throw new FailureException(String.format(
                        Locale.ROOT,
                        "ONNX Runtime gives another answer than the model: expected a difference of at most %.0e,"
                                + " received %.2e; nothing was written",
                        MOST,
                        made.largest()));
            }
            publish(work, draft, file);
            return made;
        });
        say(model, export.unsaid(), compared, file);
    }

    private static void write(OnnxModel model, Path draft) {
        try {
            model.write(draft);
        } catch (IOException e) {
            throw new FailureException("cannot write " + draft.getFileName() + ": " + e, e);
        }
    }

    /** The file with the parameters of a large model first. */
    private static void publish(Path work, Path draft, Path file) {
        try (Stream<Path> written = Files.list(work)) {
            for (Path each : written.filter(path -> !path.equals(draft)).toList()) {
                Durable.rename(each, file.resolveSibling(each.getFileName()));
            }
            Durable.rename(draft, file);
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
    }

    private void say(OnnxModel model, List<String> unsaid, Comparison compared, Path file) {
        if (json) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            all.put("file", file.toString()).put("opset", opset).put("bytes", bytes(file));
            all.set("inputs", ports(model.graph().inputs()));
            all.set("outputs", ports(model.graph().outputs()));
            unsaid.forEach(all.putArray("left_to_callers")::add);
            compared.rows().forEach(all.putArray("compared_rows")::add);
            all.put("largest_difference", compared.largest());
            print(all);
            return;
        }
        out().println(file + ": " + bytes(file) + " bytes, opset " + opset);
        model.graph().inputs().forEach(port -> out().println("  input   " + shown(port)));
        model.graph().outputs().forEach(port -> out().println("  output  " + shown(port)));
        unsaid.forEach(line -> out().println("  left to callers: " + line));
        out().println(String.format(
                Locale.ROOT,
                "largest difference to ONNX Runtime, batches of %s rows: %.1e",
                compared.rows().toString().replaceAll("[\\[\\]]", ""),
                compared.largest()));
    }

    private static ObjectNode ports(List<OnnxPort> ports) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ports.forEach(port -> all.put(port.name(), port.type() + " " + port.sizes()));
        return all;
    }

    private static String shown(OnnxPort port) {
        return port.name() + " " + port.type() + " " + port.sizes();
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
