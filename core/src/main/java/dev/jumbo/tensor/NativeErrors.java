package dev.jumbo.tensor;

/** What libtorch's errors say, without the native stack that follows. */
final class NativeErrors {
    private NativeErrors() {}

    static String firstLine(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).strip();
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
