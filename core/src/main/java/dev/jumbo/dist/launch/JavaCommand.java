package dev.jumbo.dist.launch;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of another JVM like this one: the same options and class path. */
public final class JavaCommand {
    private JavaCommand() {}

    /** The options of this JVM that another can have too. */
    public static List<String> options() {
        List<String> options = new ArrayList<>();
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // A second debugger, agent or archive would fight with this one for its port or file.
            if (!option.startsWith("-agent")
                    && !option.startsWith("-javaagent")
                    && !option.startsWith("-XX:ArchiveClassesAtExit")) {
                options.add(option);
            }
        }
        return options;
    }

    /** @param options of the JVM, over this one's */
    public static List<String> likeThis(Class<?> main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }
}
