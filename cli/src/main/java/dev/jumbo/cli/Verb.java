package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What verbs have in common: where results and progress go. A verb that ends is done; a verb that fails throws. */
abstract class Verb implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    CommandSpec spec;

    abstract void run();

    @Override
    public Integer call() {
        run();
        out().flush();
        return 0;
    }

    /** Results. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A result for machines, on one line. */
    void print(JsonNode json) {
        out().println(json);
    }

    /** Whether more is to be said, for whoever looks for the cause of a failure. */
    boolean isVerbose() {
        return ((Jumbo) spec.root().userObject()).verbose();
    }

    /** A line about what is going on, on stderr. */
    void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
