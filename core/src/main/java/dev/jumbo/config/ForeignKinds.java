package dev.jumbo.config;

import dev.jumbo.error.FailureException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What kinds of a program's own do wrong, told by the kind, its class and the jar that it is of. */
public final class ForeignKinds {
    private static final String OURS = "dev.jumbo.";
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+");
    private static final int MOST_CAUSES = 20;

    private ForeignKinds() {}

    /** What a kind gave. @param method that gave it @throws FailureException if it is null */
    public static <T> T given(@Nullable T value, Object kind, String method) {
        if (value == null) {
            throw new FailureException(
                    named(kind.getClass()) + " gave null by " + method + ": expected a value; mend the class");
        }
        return value;
    }

    /**
     * Which kind, or class beside the kinds, of a program's own something unexpected has come out of; empty where it is none's.
     *
     * @return a clause without a full stop: {@code the kind "swish" (own.Swish of own.jar) failed in build: IllegalStateException: ...}
     */
    public static Optional<String> failed(Throwable thrown) {
        Set<Path> homes = homes();
        List<Throwable> causes = new ArrayList<>();
        for (Throwable e = thrown; e != null && causes.size() < MOST_CAUSES; e = e.getCause()) {
            causes.add(0, e);
        }
        for (Throwable e : homes.isEmpty() ? List.<Throwable>of() : causes) {
            List<StackTraceElement> own = new ArrayList<>();
            for (StackTraceElement frame : e.getStackTrace()) {
                if (type(frame)
                        .flatMap(ForeignKinds::home)
                        .filter(homes::contains)
                        .isPresent()) {
                    own.add(frame);
                }
            }
            if (!own.isEmpty()) {
                return Optional.of(failed(own) + ": " + e.getClass().getSimpleName()
                        + (e.getMessage() == null ? "" : ": " + e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** By the call of a kind that is the nearest to the failure, or, where there is none, by the nearest call. */
    private static String failed(List<StackTraceElement> own) {
        StackTraceElement nearest = own.stream()
                .filter(frame -> type(frame).flatMap(ForeignKinds::kind).isPresent())
                .findFirst()
                .orElse(own.get(0));
        Class<?> type = type(nearest).orElseThrow();
        String method = LAMBDA.matcher(nearest.getMethodName()).replaceAll("$1");
        return named(kind(type).orElse(type)) + " failed in " + (method.startsWith("<") ? "its making" : method);
    }

    /** A class with what it is called in files, and where it is. */
    public static String named(Class<?> type) {
        Kind kind = type.getAnnotation(Kind.class);
        String of = home(type).map(home -> " of " + home).orElse("");
        return kind == null
                ? "the class " + type.getName() + of
                : "the kind \"" + kind.value() + "\" (" + type.getName() + of + ")";
    }

    /** The kind that a class is, or is written in. */
    private static Optional<Class<?>> kind(Class<?> type) {
        for (Class<?> around = type; around != null; around = around.getEnclosingClass()) {
            if (around.isAnnotationPresent(Kind.class)) {
                return Optional.of(around);
            }
        }
        return Optional.empty();
    }

    /** Jars and directories with providers that are none of Jumbo's. */
    private static Set<Path> homes() {
        try {
            return ServiceLoader.load(KindProvider.class, Thread.currentThread().getContextClassLoader()).stream()
                    .map(provider -> provider.type())
                    .filter(type -> !type.getName().startsWith(OURS))
                    .flatMap(type -> home(type).stream())
                    .collect(Collectors.toSet());
        } catch (ServiceConfigurationError e) {
            return Set.of(); // What uses the providers says it.
        }
    }

    private static Optional<Class<?>> type(StackTraceElement frame) {
        try {
            return Optional.of(Class.forName(
                    frame.getClassName(), false, Thread.currentThread().getContextClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty(); // Of another loader, or made while the program runs.
        }
    }

    private static Optional<Path> home(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return source == null || source.getLocation() == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
