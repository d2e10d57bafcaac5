package dev.jumbo.cli;

import picocli.CommandLine.Command;

/** {@code jumbo version}. */
@Command(name = "version", description = "Print the version.")
final class Version extends Verb {
    @Override
    void run() {
        out().println("jumbo " + number());
    }

    /** As the jar says it; {@code development} where classes are not in a jar. */
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
