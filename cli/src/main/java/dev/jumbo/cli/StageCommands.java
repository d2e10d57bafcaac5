package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.cli.stages.StagesRun;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.error.InputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The verbs of this command, as the stages of a file run them, in this process. */
final class StageCommands implements StagesRun.Commands {
    /** Their file of configuration is that of a run. */
    private static final Set<String> TRAINING = Set.of("train", "run");

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean verbose;

    StageCommands(PrintWriter out, PrintWriter err, boolean verbose) {
        this.out = out;
        this.err = err;
        this.verbose = verbose;
    }

    @Override
    public boolean has(List<String> verb, List<String> beside, String option) {
        CommandLine line = Jumbo.line(out, err);
        for (String word : verb) {
            CommandLine below = line.getSubcommands().get(word);
            if (below == null) {
                throw new InputException("verb: expected one of "
                        + String.join(", ", line.getSubcommands().keySet()) + ", received \"" + word + "\"");
            }
            line = below;
        }
        // What is measured of a run's own data is written into the run, and ONNX into the file that is named.
        boolean measured = verb.equals(List.of("evaluate")) && isNone(beside, "--tasks");
        boolean file = verb.equals(List.of("export")) && !isNone(beside, "--onnx");
        boolean refused = option.equals("--out") && (measured || file);
        return !refused && line.getCommandSpec().findOption(option) != null;
    }

    private static boolean isNone(List<String> words, String option) {
        return words.stream().noneMatch(word -> word.startsWith(option));
    }

    @Override
    public boolean ends(List<String> verb, List<String> words) {
        return !verb.equals(List.of("serve")) && isNone(words, "--keep-serving");
    }

    @Override
    public void check(List<String> verb, List<String> words, @Nullable JsonNode config) {
        try {
            Jumbo.line(out, err).parseArgs(words.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new InputException(String.valueOf(e.getMessage()), e);
        }
        if (config != null && config.has("stages")) {
            throw new InputException("config: expected what a single run holds, received stages in a stage");
        }
        if (config != null && TRAINING.contains(verb.get(0))) {
            RunConfig.check(ConfigDocument.of("config", config));
        }
    }

    @Override
    public int run(List<String> words, StringBuilder printed) {
        List<String> all = new ArrayList<>(verbose ? List.of("--verbose") : List.of());
        all.addAll(words);
        var text = new StringWriter();
        var both = new PrintWriter(new Tee(text), true);
        int status = Jumbo.execute(both, err, all.toArray(String[]::new));
        both.flush();
        printed.append(text);
        return status;
    }

    /** What is printed, while it is printed, and kept. */
    private final class Tee extends Writer {
        private final StringWriter kept;

        Tee(StringWriter kept) {
            this.kept = kept;
        }

        @Override
        public void write(char[] buffer, int offset, int length) {
            kept.write(buffer, offset, length);
            out.write(buffer, offset, length);
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }
    }
}
