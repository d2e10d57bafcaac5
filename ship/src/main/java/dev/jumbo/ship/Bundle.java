package dev.jumbo.ship;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The files of an application that serves a model, by their places in it: {@code bin/serve}, {@code lib/*.jar}, {@code model/NAME/}. What
 * has to be made first is made in a directory of the caller's.
 *
 * @param files in the order in which they are written: what changes least comes first, so that images share it
 */
public record Bundle(List<Entry> files) {
    /** Nothing that a server calls: readers of tables for training, charts, progress bars. */
    private static final Set<String> LEFT_OUT = Set.of("duckdb_jdbc-", "xchart-", "progressbar-", "VectorGraphics2D-");

    /** What parts of a bundle are for; an image has a layer for each. */
    public enum Part {
        /** Jars of others. */
        LIBRARIES,
        /** Jumbo's own. */
        APPLICATION,
        /** The run that is served. */
        MODEL
    }

    /**
     * A file.
     *
     * @param place its path in the bundle, with slashes
     * @param source where it is now
     * @param executable whether it is a program
     */
    public record Entry(Part part, String place, Path source, boolean executable) {}

    public Bundle {
        files = List.copyOf(files);
    }

    /** Bytes of all files. */
    public long bytes() {
        return files.stream().mapToLong(file -> size(file.source())).sum();
    }

    /**
     * The application that this process is, with a model.
     *
     * @param classPath as {@code java.class.path} has it; directories become jars
     * @param name what the model is called in addresses
     * @param model a directory that {@code jumbo serve} takes; what it holds is served
     * @param work a directory for what has to be made, which outlives the bundle
     * @throws InputException if the class path or the model has nothing
     */
    public static Bundle of(String classPath, String name, Path model, Path work) {
        List<Entry> libraries = new ArrayList<>();
        List<Entry> own = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (String element : classPath.split(System.getProperty("path.separator"), -1)) {
            Path path = Path.of(element);
            if (element.isEmpty() || !Files.exists(path) || isLeftOut(path)) {
                continue;
            }
            boolean directory = Files.isDirectory(path);
            Path jar = directory ? jar(path, work, names.size()) : path;
            String file = jar.getFileName().toString();
            if (!names.add(file)) {
                throw new InputException(
                        "expected jars of different names on the class path, found two of the name " + file);
            }
            boolean ours = directory || file.startsWith("jumbo-");
            (ours ? own : libraries)
                    .add(new Entry(ours ? Part.APPLICATION : Part.LIBRARIES, "lib/" + file, jar, false));
        }
        if (own.isEmpty()) {
            throw new InputException("expected jars on the class path, found none in \"" + classPath + "\"");
        }
        libraries.sort(Comparator.comparing(Entry::place));
        own.sort(Comparator.comparing(Entry::place));
        List<Entry> all = new ArrayList<>(libraries);
        all.addAll(own);
        all.add(new Entry(Part.APPLICATION, "bin/serve", launcher(work), true));
        all.addAll(model(name, model));
        return new Bundle(all);
    }

    private static boolean isLeftOut(Path path) {
        String name = String.valueOf(path.getFileName());
        return LEFT_OUT.stream().anyMatch(name::startsWith);
    }

    private static List<Entry> model(String name, Path model) {
        List<Entry> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(model)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                String place = model.relativize(file).toString().replace('\\', '/');
                files.add(new Entry(Part.MODEL, "model/" + name + "/" + place, file, false));
            }
        } catch (IOException e) {
            throw new FailureException("cannot read " + model + ": " + e, e);
        }
        if (files.isEmpty()) {
            throw new InputException("expected a model in " + model + ", found no file");
        }
        return files;
    }

    private static Path launcher(Path work) {
        Path file = work.resolve("serve");
        try (InputStream script = Bundle.class.getResourceAsStream("serve.sh")) {
            if (script == null) {
                throw new FailureException("the launcher is missing from the jar of Jumbo: build it again");
            }
            Files.write(file, script.readAllBytes());
            return file;
        } catch (IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
    }

    /** Classes of a directory, as a development build has them, in a jar. Times are left out, so equal classes are equal jars. */
    private static Path jar(Path classes, Path work, int number) {
        Path jar = work.resolve("jumbo-classes-" + number + ".jar");
        try (Stream<Path> walk = Files.walk(classes);
                OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                ZipEntry entry =
                        new ZipEntry(classes.relativize(file).toString().replace('\\', '/'));
                entry.setTime(0);
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
            return jar;
        } catch (IOException e) {
            throw new FailureException("cannot make a jar of " + classes + ": " + e, e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }
}
