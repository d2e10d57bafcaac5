package dev.jumbo.spark.corpus;

import dev.jumbo.error.DiskFull;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.JumboException;
import java.nio.file.Path;
import java.util.Optional;

/** What went wrong in a task, without what Spark wraps around it. */
public final class Failures {
    private Failures() {}

    /** @param out where the work writes, which nobody else does */
    public static RuntimeException of(Exception e, Path out) {
        if (DiskFull.isIn(e)) {
            StageFiles.deleteUnfinished(out);
            return new FailureException(
                    "no space left on device: " + DiskFull.describe(out)
                            + " now that what was half written is deleted, and more is needed (Spark's own scratch space: "
                            + DiskFull.describe(Path.of(System.getProperty("java.io.tmpdir")))
                            + "); free space there or choose another --out, and run the same again: stages that are done"
                            + " are not done twice",
                    e);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof JumboException known) {
                return known;
            }
        }
        String message = Optional.ofNullable(root(e).getMessage())
                .orElse(root(e).getClass().getSimpleName());
        return new FailureException(
                "Spark could not do the work: " + message.lines().findFirst().orElse(""), e);
    }

    /** What Spark wraps says only which of its own parts failed. */
    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
