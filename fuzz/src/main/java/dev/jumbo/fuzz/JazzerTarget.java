package dev.jumbo.fuzz;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What Jazzer starts: hands each of its inputs to one {@link Fuzzed} method. Its target arguments are the test class and the method's name. */
public final class JazzerTarget {
    /** The property that says that a fuzzer runs. */
    static final String FUZZING = "jumbo.fuzzing";

    private static @Nullable MethodHandle target;

    private JazzerTarget() {}

    /** Called once by Jazzer, by its name. */
    public static void fuzzerInitialize(String[] arguments) throws ReflectiveOperationException {
        System.setProperty(FUZZING, "true");
        Class<?> test = Class.forName(arguments[0]);
        Method method = test.getDeclaredMethod(arguments[1], byte[].class);
        if (!method.isAnnotationPresent(Fuzzed.class)) {
            throw new IllegalArgumentException("expected a method with @Fuzzed, received " + method);
        }
        Constructor<?> constructor = test.getDeclaredConstructor();
        constructor.setAccessible(true);
        method.setAccessible(true);
        target = MethodHandles.lookup()
                .unreflect(method)
                .bindTo(constructor.newInstance())
                .asType(MethodType.methodType(void.class, byte[].class));
    }

    /** Called for each input by Jazzer, by its name. */
    public static void fuzzerTestOneInput(byte[] bytes) throws Throwable {
        if (target == null) {
            throw new IllegalStateException("expected fuzzerInitialize first");
        }
        target.invokeExact(bytes);
    }
}
