package dev.jumbo.text.jinja;

/** A part of a rendered text. @param index of the value that it is of, or -1 @param from the first character @param to behind the last one */
public record TextSpan(int index, int from, int to) {}
