package dev.jumbo.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code jumbo version}. */
@Command(name = "version", description = "Print the version.")
final class Version extends Verb {
    @Override
    void run() {
        out().println("jumbo " + number());
    }

    /** What {@code --version} prints: the same. */
    static final class Number implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"jumbo " + number()};
        }
    }

    /** As the jar says it; {@code development} where classes are not in a jar. */
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
