package dev.jumbo.config;

import dev.jumbo.error.InputException;

/** A value that no file may name, so that whatever is written of it could not be read again. */
public final class UnknownKindException extends InputException {
    private static final long serialVersionUID = 1L;

    UnknownKindException(String noun, Object value) {
        super(message(noun, value.getClass()));
    }

    private static String message(String noun, Class<?> type) {
        return "expected a " + noun + " that files may name, received " + type.getName()
                + ", which no file could be read back from: "
                + (type.isRecord() && type.isAnnotationPresent(Kind.class)
                        ? ""
                        : "make it a record with a @Kind(\"name\") of its own, and ")
                + "name it in a " + KindProvider.class.getSimpleName()
                + ", which META-INF/services/" + KindProvider.class.getName() + " lists (see docs/extending.md)";
    }
}
