package dev.jumbo.onnx.run;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Where ONNX Runtime starts and loads models: on a thread with a stack of its own. Its first call recurses through more than 512 KB and
 * its loader through the depth of the graph; where a stack ends, the whole JVM does.
 */
public final class OnnxRuntime {
    /** Reserved, and used as far as the depth goes. */
    private static final long STACK_BYTES = 256L << 20;

    private OnnxRuntime() {}

    /** How a session is made. */
    @FunctionalInterface
    public interface Loading {
        OrtSession with(OrtEnvironment environment, OrtSession.SessionOptions options) throws OrtException;
    }

    /**
     * Loads a model.
     *
     * @param loading sets the options and makes the session
     * @throws InputException if ONNX Runtime refuses it, with its words
     */
    public static OrtSession load(Loading loading) {
        return onDeepStack(() -> {
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                return loading.with(OrtEnvironment.getEnvironment(), options);
            } catch (OrtException e) {
                throw new InputException("ONNX Runtime cannot load the model: " + words(e), e);
            }
        });
    }

    /** What it says, on one line and without places in its own source. */
    public static String words(OrtException e) {
        String text = String.valueOf(e.getMessage()).replaceFirst("^Error code - \\w+ - message: ", "");
        // A place in its source, with the function, as in /src/graph.cc:93 void f(int) what is wrong.
        text = text.replaceAll("/\\S+\\.(?:cc|h|hpp|cu):\\d+ (?:[^\\n]*?\\)(?: const)?(?:::<lambda\\(\\)>)? )?", "");
        return text.replaceAll("\\s+", " ").strip();
    }

    /** The environment of all sessions. */
    public static OrtEnvironment environment() {
        return Environment.ONE;
    }

    private static final class Environment {
        static final OrtEnvironment ONE = onDeepStack(OrtEnvironment::getEnvironment);
    }

    private static <T> T onDeepStack(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "onnx-load", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while ONNX Runtime was loading a model", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new FailureException("ONNX Runtime cannot start: " + e.getCause(), e);
        }
    }
}
