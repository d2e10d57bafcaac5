package dev.jumbo.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one {@code jumbo} command did. */
record Command(int status, String out, String err) {
    static Command run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Jumbo.execute(new PrintWriter(out), new PrintWriter(err), args);
        return new Command(status, out.toString(), err.toString());
    }
}
