package dev.jumbo.text.jinja;

/** Python's {@code None}. */
enum Nothing {
    NONE;

    @Override
    public String toString() {
        return "None";
    }
}
