package dev.jumbo.config;

import java.util.Locale;

/** Java's names as files write them. */
final class Names {
    private Names() {}

    /** {@code kernelSize} is {@code kernel_size}, {@code Conv2d} is {@code conv2d}. */
    static String snake(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
