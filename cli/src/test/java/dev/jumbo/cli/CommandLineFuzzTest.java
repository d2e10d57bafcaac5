package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.error.InputException;
import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.fuzz.Untrusted;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** Command lines: any arguments are understood, or told in a line what is wrong with them. Nothing is run. */
class CommandLineFuzzTest {
    private static final Untrusted UNTRUSTED = Untrusted.refusedBy(InputException.class);

    /** A line is an argument. */
    @Fuzzed
    void arguments(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8).replace("\0", ""); // no system passes one on
        String[] arguments = text.split("\n");
        StringWriter err = new StringWriter();
        CommandLine line = Jumbo.line(new PrintWriter(new StringWriter()), new PrintWriter(err));
        UNTRUSTED.parse(data, () -> {
            try {
                return line.parseArgs(arguments);
            } catch (CommandLine.ParameterException e) {
                assertThat(Failures.usage(e, arguments)).isEqualTo(Failures.MISTAKE);
                String said = err.toString();
                assertThat(said).startsWith("jumbo: ").endsWith(System.lineSeparator());
                assertThat(said.strip().lines()).hasSize(1);
                throw new InputException(said, e);
            }
        });
    }

    /** A line is a setting, {@code key=value} below {@code serve}. */
    @Fuzzed
    void settings(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        List<String> settings = Arrays.stream(text.split("\n"))
                .limit(8)
                .map(each -> "serve." + each)
                .toList();
        UNTRUSTED
                .parse(data, () -> ServeFile.read(null, settings).serve())
                .ifPresent(read -> assertThat(read.port()).isBetween(0, 65_535));
    }
}
