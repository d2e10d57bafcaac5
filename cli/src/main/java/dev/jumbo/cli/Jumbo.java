package dev.jumbo.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code jumbo} command. */
@Command(
        name = "jumbo",
        description = "From raw data to a production endpoint without leaving the JVM.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs, in the order of the flow:%n",
        versionProvider = Version.Number.class,
        footer = {"", "Start with: jumbo init digits && jumbo run digits.yaml"},
        subcommands = {
            Init.class,
            Prepare.class,
            TokenizerVerbs.class,
            Plan.class,
            Train.class,
            Submit.class,
            Evaluate.class,
            Predict.class,
            Generate.class,
            Chat.class,
            Preferences.class,
            Import.class,
            Export.class,
            Merge.class,
            Serve.class,
            NewToken.class,
            PackageRun.class,
            Deploy.class,
            Run.class,
            Summary.class,
            AuditLabels.class,
            CompareTables.class,
            Doctor.class,
            Schema.class,
            Completion.class,
            Help.class,
            Version.class
        })
public final class Jumbo implements Runnable {
    /** The system property that {@code logback.xml} reads its level from. */
    static final String LOG_LEVEL = "jumbo.log.level";

    /** Of Spark and what it stands on. */
    static final String SPARK_LOG_LEVEL = "jumbo.log.spark";

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show logs from INFO up, and stack traces of failures.")
    private boolean verbose;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    @SuppressWarnings("UnusedVariable") // picocli reads it.
    private boolean version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it.
    private boolean help;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields.
    Jumbo() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int status = execute(out, err, args);
        out.flush();
        err.flush();
        Stopping.said();
        // Servers and pools of other threads must not keep a finished command alive.
        System.exit(status);
    }

    /** Runs one command. @return the exit status */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = line(out, err);
        try {
            return line.execute(args);
        } catch (Error e) { // picocli passes on what is no exception
            return Failures.report(e, err, line.<Jumbo>getCommand().verbose());
        }
    }

    /** What understands arguments. */
    static CommandLine line(PrintWriter out, PrintWriter err) {
        // A quote in a value is a character like others: no warnings on standard error that it is not closed.
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
        CommandLine line = new CommandLine(new Jumbo());
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        // A value that begins with @ is that value, and not the arguments that a file of this name holds.
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler(Failures::usage);
        line.setExecutionExceptionHandler(Failures::execution);
        line.setExecutionStrategy(parsed -> {
            Jumbo jumbo = (Jumbo) parsed.commandSpec().userObject();
            System.setProperty(LOG_LEVEL, jumbo.verbose ? "INFO" : "WARN");
            System.setProperty(SPARK_LOG_LEVEL, jumbo.verbose ? "WARN" : "OFF");
            return new CommandLine.RunLast().execute(parsed);
        });
        return line;
    }

    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected a verb, as in: jumbo run digits.yaml; jumbo --help lists them");
    }
}
