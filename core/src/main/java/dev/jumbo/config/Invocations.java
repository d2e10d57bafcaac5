package dev.jumbo.config;

import dev.jumbo.error.InputException;
import java.lang.reflect.InvocationTargetException;

/** Calls of constructors and factories by reflection, whose own complaints get the place in the file in front. */
final class Invocations {
    private Invocations() {}

    /** A reflective call. */
    interface Call {
        Object make() throws ReflectiveOperationException;
    }

    static Object invoke(Place at, Call call) {
        try {
            return call.make();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InputException || e.getCause() instanceof IllegalArgumentException) {
                throw at.error(String.valueOf(e.getCause().getMessage()), e.getCause());
            }
            throw new IllegalStateException("could not make a value", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a type in the list of kinds cannot be made", e);
        }
    }
}
