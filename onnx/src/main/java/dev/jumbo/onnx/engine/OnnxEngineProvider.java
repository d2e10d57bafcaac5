package dev.jumbo.onnx.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.jumbo.error.JumboException;
import dev.jumbo.files.Durable;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.onnx.format.OnnxConstant;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.run.OnnxRuntime;
import dev.jumbo.tensor.Torch;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.infer.EngineProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prepares ONNX Runtime for every network that can be said in ONNX. */
public final class OnnxEngineProvider implements EngineProvider {
    /** Larger ones go through a file, as the Java heap need not hold them. */
    private static final long MOST_IN_HEAP = 16L << 20;

    private static final double WORTH_THREADS_MICROSECONDS = 2000;

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public Preparation prepare(Checkpoint checkpoint) {
        try {
            ModelFile description = checkpoint.description();
            for (Layer.Part part : Parts.all(description.model(), description.specs())) {
                if (part.layer() instanceof Embedding
                        && part.inputs().main().dtype().isFloating()) {
                    return Preparation.impossible(
                            part.path() + " looks numbers up as ids, of which ONNX would cut off the fraction unseen");
                }
            }
            OnnxModel model = OnnxExport.of(checkpoint).prepared().model();
            return Preparation.ready(engine(description, model));
        } catch (JumboException e) {
            return Preparation.impossible(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Preparation.impossible("the network cannot be written for ONNX Runtime: " + e);
        } catch (UnsatisfiedLinkError e) { // A platform that its jar has no natives for.
            return Preparation.impossible("ONNX Runtime does not start on this platform: " + e.getMessage());
        }
    }

    private static OnnxEngine engine(ModelFile description, OnnxModel model) throws IOException {
        long bytes = model.graph().constants().stream()
                .mapToLong(OnnxConstant::bytes)
                .sum();
        if (bytes <= MOST_IN_HEAP) {
            byte[] whole = model.toBytes();
            return engine(description, bytes, (environment, options) -> environment.createSession(whole, options));
        }
        Path directory = Files.createTempDirectory("jumbo-onnx");
        try {
            Path file = directory.resolve("model.onnx");
            model.write(file);
            return engine(
                    description, bytes, (environment, options) -> environment.createSession(file.toString(), options));
        } finally {
            Durable.deleteDirectory(directory);
        }
    }

    /** On one thread, or on all where that is faster: for large networks alone, as threads that meet often wait for each other. */
    private static OnnxEngine engine(ModelFile description, long bytes, OnnxRuntime.Loading loading) {
        OnnxEngine one = session(description, bytes, loading, 1);
        int threads = Torch.threads();
        if (threads == 1 || one.microsecondsOfARow() < WORTH_THREADS_MICROSECONDS) {
            return one;
        }
        OnnxEngine several = session(description, bytes, loading, threads);
        boolean faster = several.microsecondsOfARow() < one.microsecondsOfARow();
        (faster ? one : several).close();
        return faster ? several : one;
    }

    private static OnnxEngine session(ModelFile description, long bytes, OnnxRuntime.Loading loading, int threads) {
        OrtSession session = OnnxRuntime.load((environment, options) -> {
            configure(options, threads);
            return loading.with(environment, options);
        });
        return new OnnxEngine(description, session, bytes, threads);
    }

    private static void configure(OrtSession.SessionOptions options, int threads) throws OrtException {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        // A thread that spins for work takes a core from the requests beside it.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        // Blocks are given back as soon as a call ends: an arena would keep what the largest batch ever took.
        options.setCPUArenaAllocator(false);
        options.setMemoryPatternOptimization(false);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }
}
