package dev.jumbo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.FailureException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of kinds that fail, with classes of a directory of their own. */
class ForeignKindsTest {
    private static final String SOURCE = """
            import dev.jumbo.config.*;
            import java.util.*;
            import java.util.function.Supplier;

            public final class Own implements KindProvider {
                public Collection<Class<?>> kinds() { return List.of(Thrower.class); }

                @Kind("thrower")
                public record Thrower(int where) implements Supplier<Object> {
                    public Object get() {
                        if (where == 0) { throw new IllegalStateException("boom"); }
                        if (where == 1) { return depth(0); }
                        if (where == 2) { return List.of(1).stream().map(one -> one / (one - 1)).toList(); }
                        return new Helper().help();
                    }
                    private int depth(int at) { return depth(at + 1) + 1; }
                }

                public static final class Helper {
                    public Object help() { return new ArrayList<>().get(0); }
                }
            }
            """;

    @TempDir
    Path dir;

    private ClassLoader before;
    private URLClassLoader own;

    @BeforeEach
    void compile() throws Exception {
        Path source = Files.writeString(dir.resolve("Own.java"), SOURCE);
        Path classes = Files.createDirectory(dir.resolve("own"));
        String path = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", classes.toString(), "-cp", path, source.toString()))
                .isZero();
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve(KindProvider.class.getName()), "Own\n");
        before = Thread.currentThread().getContextClassLoader();
        own = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(own);
    }

    @AfterEach
    void close() throws Exception {
        Thread.currentThread().setContextClassLoader(before);
        own.close();
    }

    private Throwable thrown(String type, Object... values) throws Exception {
        Class<?> loaded = own.loadClass(type);
        Object made = loaded.getDeclaredConstructors()[0].newInstance(values);
        try {
            if (made instanceof Supplier<?> supplier) {
                Objects.requireNonNull(supplier.get());
            } else {
                loaded.getMethod("help").invoke(made);
            }
        } catch (ReflectiveOperationException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (RuntimeException | StackOverflowError e) {
            return e;
        }
        throw new AssertionError("nothing was thrown");
    }

    @Test
    void what_comes_out_of_a_kind_is_told_with_kind_class_place_and_method() throws Exception {
        String kind = "the kind \"thrower\" (Own$Thrower of " + dir.resolve("own") + ") failed in ";
        assertThat(ForeignKinds.failed(thrown("Own$Thrower", 0))).hasValue(kind + "get: IllegalStateException: boom");
        assertThat(ForeignKinds.failed(thrown("Own$Thrower", 1))).hasValue(kind + "depth: StackOverflowError");
        assertThat(ForeignKinds.failed(new IllegalStateException("wrapped", thrown("Own$Thrower", 2))))
                .hasValue(kind + "get: ArithmeticException: / by zero");
        assertThat(ForeignKinds.failed(thrown("Own$Thrower", 3)).orElseThrow())
                .startsWith(kind + "get: IndexOutOfBoundsException: ");
        assertThat(ForeignKinds.failed(thrown("Own$Helper")).orElseThrow())
                .startsWith("the class Own$Helper of " + dir.resolve("own") + " failed in help: IndexOutOf");
    }

    @Test
    void what_comes_out_of_jumbo_is_no_kinds() {
        assertThat(ForeignKinds.failed(new IllegalStateException("of this test")))
                .isEmpty();
    }

    @Test
    void a_kind_that_gives_null_is_named() {
        assertThat(ForeignKinds.given("there", List.of(), "get")).isEqualTo("there");
        assertThatThrownBy(() -> ForeignKinds.given(null, List.of(), "get"))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("gave null by get");
    }

    @Test
    @SuppressWarnings("NullAway") // What is not checked where a provider is written.
    void a_provider_that_fails_or_gives_nothing_is_named() {
        for (KindProvider wrong : List.<KindProvider>of(
                () -> {
                    throw new IllegalStateException("no kinds");
                },
                () -> null,
                () -> Collections.singletonList(null))) {
            assertThatThrownBy(() -> ProvidedKinds.kinds(wrong))
                    .isInstanceOf(FailureException.class)
                    .hasMessageStartingWith("the class " + ForeignKindsTest.class.getName());
        }
    }
}
