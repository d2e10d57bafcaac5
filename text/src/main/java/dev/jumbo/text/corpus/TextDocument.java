package dev.jumbo.text.corpus;

/** A text that is one document. @param where its file and line, for errors */
public record TextDocument(String text, String where) {}
