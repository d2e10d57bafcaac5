package dev.jumbo.cli;

import dev.jumbo.dist.launch.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A user's jar, compiled from sources against this class path, and {@code jumbo} in a process that has it. */
record OwnJar(Path jar) {
    private static final String SERVICE = "META-INF/services/dev.jumbo.config.KindProvider";

    /** @param provider the class that the jar names, among the sources */
    static OwnJar compile(Path directory, String provider, List<Path> sources) throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        sources.forEach(source -> arguments.add(source.toString()));
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException(sources + " do not compile");
        }
        Files.createDirectories(classes.resolve(SERVICE).getParent());
        Files.writeString(classes.resolve(SERVICE), provider + "\n");
        Path jar = directory.resolve("own.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        return new OwnJar(jar);
    }

    /** A command with this jar and perhaps others on its class path. */
    static ProcessBuilder command(List<Path> jars, String... arguments) {
        List<String> command = new ArrayList<>(JavaCommand.likeThis(Jumbo.class, List.of(), List.of(arguments)));
        int path = command.indexOf("-cp") + 1;
        for (Path jar : jars) {
            command.set(path, command.get(path) + File.pathSeparator + jar);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder;
    }

    /** Runs a command to its end. */
    Command run(String... arguments) throws IOException, InterruptedException {
        return run(List.of(jar), arguments);
    }

    static Command run(List<Path> jars, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("own", ".out");
        Path err = Files.createTempFile("own", ".err");
        try {
            int status = command(jars, arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start()
                    .waitFor();
            return new Command(status, Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
