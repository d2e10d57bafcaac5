package dev.jumbo.config;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds of all {@link KindProvider}s on the class path, looked up once. */
final class ProvidedKinds {
    private static volatile @Nullable List<Class<?>> found;

    private ProvidedKinds() {}

    /** @throws InputException if a provider cannot be used, naming it */
    static List<Class<?>> of(Class<?> type) {
        List<Class<?>> all = found;
        if (all == null) {
            all = find();
            found = all;
        }
        List<Class<?>> fitting = new ArrayList<>();
        for (Class<?> kind : all) {
            if (type.isAssignableFrom(kind)) {
                if (!kind.isRecord() || !kind.isAnnotationPresent(Kind.class)) {
                    throw new InputException("expected records with a @Kind from every KindProvider, received "
                            + kind.getName() + ": make it a record with a @Kind(\"name\")");
                }
                fitting.add(kind);
            }
        }
        return fitting;
    }

    private static List<Class<?>> find() {
        Set<Class<?>> all = new LinkedHashSet<>();
        // The thread's loader knows the program's jars; where it has none, or another's, Jumbo's own may.
        for (ClassLoader loader :
                new ClassLoader[] {Thread.currentThread().getContextClassLoader(), ProvidedKinds.class.getClassLoader()
                }) {
            for (var providers = ServiceLoader.load(KindProvider.class, loader).iterator(); hasNext(providers); ) {
                all.addAll(kinds(next(providers)));
            }
        }
        return List.copyOf(all);
    }

    private static boolean hasNext(Iterator<KindProvider> providers) {
        try {
            return providers.hasNext();
        } catch (ServiceConfigurationError e) {
            throw unusable(e);
        }
    }

    private static KindProvider next(Iterator<KindProvider> providers) {
        try {
            return providers.next();
        } catch (ServiceConfigurationError e) {
            throw unusable(e);
        }
    }

    /** @throws FailureException if the provider fails, naming it */
    static Collection<Class<?>> kinds(KindProvider provider) {
        try {
            return List.copyOf(ForeignKinds.given(provider.kinds(), provider, "kinds()"));
        } catch (LinkageError e) {
            throw new InputException(
                    "the KindProvider " + provider.getClass().getName() + " cannot be used: " + e
                            + "; put what its jar needs on the class path, and compile it against this version of Jumbo",
                    e);
        } catch (JumboException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            String why = e.getMessage() == null ? "" : ": " + e.getMessage();
            throw new FailureException(
                    ForeignKinds.named(provider.getClass()) + " failed in kinds(): "
                            + e.getClass().getSimpleName() + why + "; mend it, or take it off the class path",
                    e);
        }
    }

    private static InputException unusable(ServiceConfigurationError e) {
        return new InputException(
                "a KindProvider cannot be used: " + e.getMessage()
                        + (e.getCause() == null ? "" : " (" + e.getCause() + ")") + "; look at META-INF/services/"
                        + KindProvider.class.getName() + " of your jars",
                e);
    }
}
