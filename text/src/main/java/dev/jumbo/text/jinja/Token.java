package dev.jumbo.text.jinja;

/** A piece of a template. @param value of a literal, the name, or the operator */
record Token(Kind kind, Object value, int line) {
    enum Kind {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        VARIABLE_BEGIN,
        VARIABLE_END,
        NAME,
        STRING,
        NUMBER,
        OPERATOR,
        END
    }

    boolean is(String text) {
        return (kind == Kind.OPERATOR || kind == Kind.NAME) && value.equals(text);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case DATA -> "text";
            case BLOCK_BEGIN -> "\"{%\"";
            case BLOCK_END -> "\"%}\"";
            case VARIABLE_BEGIN -> "\"{{\"";
            case VARIABLE_END -> "\"}}\"";
            case END -> "the end of the template";
            default -> "\"" + Text.shown(String.valueOf(value)) + "\"";
        };
    }
}
