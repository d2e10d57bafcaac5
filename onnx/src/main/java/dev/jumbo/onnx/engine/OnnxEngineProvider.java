package dev.jumbo.onnx.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.jumbo.error.JumboException;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.onnx.run.OnnxRuntime;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.infer.EngineProvider;

/** Prepares ONNX Runtime for every network that can be said in ONNX. */
public final class OnnxEngineProvider implements EngineProvider {
    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public Preparation prepare(Checkpoint checkpoint) {
        try {
            ModelFile description = checkpoint.description();
            byte[] model = OnnxExport.of(checkpoint).prepared().model().toBytes();
            return Preparation.ready(new OnnxEngine(description, session(model), model.length));
        } catch (JumboException e) {
            return Preparation.impossible(String.valueOf(e.getMessage()));
        } catch (UnsatisfiedLinkError e) { // A platform that its jar has no natives for.
            return Preparation.impossible("ONNX Runtime does not start on this platform: " + e.getMessage());
        }
    }

    private static OrtSession session(byte[] model) {
        return OnnxRuntime.load((environment, options) -> {
            configure(options);
            return environment.createSession(model, options);
        });
    }

    private static void configure(OrtSession.SessionOptions options) throws OrtException {
        // One thread a request: batches of several are what uses the others, and a thread that spins for work would
        // take a core.
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        // Blocks are given back as soon as a call ends: an arena would keep what the largest batch ever took.
        options.setCPUArenaAllocator(false);
        options.setMemoryPatternOptimization(false);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }
}
