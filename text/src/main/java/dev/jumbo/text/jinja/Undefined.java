package dev.jumbo.text.jinja;

/** What a template asked for and is not there: prints nothing, is false and has nothing in it. @param what that is, for errors */
record Undefined(String what) {
    Refused refused() {
        return new Refused(what + " is undefined");
    }

    @Override
    public String toString() {
        return "";
    }
}
