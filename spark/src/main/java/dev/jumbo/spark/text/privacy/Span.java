package dev.jumbo.spark.text.privacy;

/** A find: from one character to before another. */
record Span(PrivateKind kind, int start, int end) {}
