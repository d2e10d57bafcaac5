package dev.jumbo.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code jumbo completion}: the verbs, options and values of this version for a shell. */
@Command(
        name = "completion",
        description = {
            "Print a script that completes verbs, options and values in bash and zsh:",
            "source <(jumbo completion), once or in ~/.bashrc or ~/.zshrc."
        })
final class Completion extends Verb {
    @Override
    void run() {
        out().print(AutoComplete.bash("jumbo", spec.root().commandLine()));
    }
}
