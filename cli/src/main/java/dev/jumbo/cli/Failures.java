package dev.jumbo.cli;

import dev.jumbo.config.ForeignKinds;
import dev.jumbo.dist.launch.WorkerExit;
import dev.jumbo.error.DiskFull;
import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import dev.jumbo.error.Nearest;
import dev.jumbo.error.StoppedException;
import dev.jumbo.tensor.OutOfMemory;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Failures as one line on stderr that begins with {@code jumbo:}, and an exit status. */
final class Failures {
    static final int FAILED = 1;
    static final int MISTAKE = 2;

    private static final String FREE_SPACE = "free space there";

    private Failures() {}

    /** A command line that cannot be understood. */
    static int usage(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String message = e.getMessage();
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            message = unmatched(unmatched.getUnmatched().get(0), line);
        }
        print(line.getErr(), message + " (help: " + line.getCommandSpec().qualifiedName() + " --help)");
        return MISTAKE;
    }

    private static String unmatched(String name, CommandLine line) {
        boolean option = name.startsWith("-");
        var known = option
                ? line.getCommandSpec().optionsMap().keySet()
                : line.getSubcommands().keySet();
        String what = option ? "option" : known.isEmpty() ? "argument" : "verb";
        String hint = Nearest.to(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse(known.isEmpty() || option ? "" : "; the verbs are " + String.join(", ", known));
        return "unknown " + what + " \"" + name + "\"" + hint;
    }

    /** A command that did not end well. */
    static int execution(Exception e, CommandLine line, ParseResult parsed) {
        return report(e, line.getErr(), ((Jumbo) line.getCommandSpec().root().userObject()).verbose());
    }

    static int report(Throwable e, PrintWriter err, boolean verbose) {
        Optional<OutOfMemory> memory = OutOfMemory.in(e);
        if (DiskFull.isIn(e)) {
            print(err, fullDisk(e));
        } else if (e instanceof JumboException) {
            print(err, String.valueOf(e.getMessage()));
        } else if (memory.isPresent()) {
            print(err, memory.get().describe() + "; take smaller batches, or free memory of this machine");
        } else if (e instanceof OutOfMemoryError) {
            print(err, heap((OutOfMemoryError) e));
        } else {
            print(err, unexpected(e, verbose));
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        return e instanceof StoppedException ? WorkerExit.STOPPED : wouldHappenAgain(e) ? MISTAKE : FAILED;
    }

    /** Of a kind of the user's own, or of Jumbo. */
    private static String unexpected(Throwable e, boolean verbose) {
        Optional<String> own = ForeignKinds.failed(e);
        if (own.isPresent()) {
            return own.get()
                    + (e instanceof LinkageError
                            ? "; put what its jar needs on the class path, and compile it against this version of Jumbo"
                            : verbose ? "" : "; run the same with --verbose, which shows the line");
        }
        String id = UUID.randomUUID().toString().substring(0, 8);
        return "internal error " + id + " (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")"
                + (verbose ? "" : "; run the same with --verbose and report what it shows");
    }

    /** Whether a launcher need not try again: what is wrong stays wrong, and what does not fit into memory will not fit. */
    static boolean wouldHappenAgain(Throwable e) {
        return e instanceof InputException
                || e instanceof OutOfMemoryError
                || OutOfMemory.in(e).isPresent();
    }

    /** The libraries below say which file it was, or where. */
    private static String fullDisk(Throwable e) {
        String message = String.valueOf(e.getMessage()).replaceAll("java\\.[a-z.]*IOException: ", "");
        String what = e instanceof JumboException ? message : "no space left on the disk (" + message + ")";
        return what.contains(FREE_SPACE)
                ? what
                : what + "; " + FREE_SPACE
                        + " or write elsewhere, and run the same again (a training goes on with --resume)";
    }

    /** Data sets and tables lie on the heap, tensors do not. */
    private static String heap(OutOfMemoryError e) {
        return "the Java heap of " + OutOfMemory.bytes(Runtime.getRuntime().maxMemory()) + " is full (" + e.getMessage()
                + "); give it more, as in JUMBO_JAVA_OPTS=-Xmx8g, or read less data at once";
    }

    private static void print(PrintWriter err, String message) {
        err.println("jumbo: " + message.replaceAll("\\s*\\R\\s*", " "));
    }
}
