package dev.jumbo.cli;

import dev.jumbo.data.table.read.Malformed;
import dev.jumbo.error.InputException;
import java.nio.file.Path;

/**
 * Mistakes of files as {@code predict} tells them: readers advise keys of a configuration, where a file is given to a command
 * there are options, and standard input is no file at all.
 */
final class FormAdvice {
    private static final String DELIMITERS = ";\t|,";

    private FormAdvice() {}

    /** @param file as readers know it. @param name as the user knows it */
    static InputException told(InputException e, Path file, String name) {
        String message = String.valueOf(e.getMessage());
        String told = asOptions(message.replace(file.toString(), name));
        return told.equals(message) ? e : new InputException(told, e);
    }

    static String asOptions(String message) {
        return message.replaceAll("write delimiter: \"(.*?)\"(?:, or give names)?", "give --delimiter '$1'")
                .replaceAll("write charset: ([\\w-]+)", "give --charset $1")
                .replace("write header: skip beside names, or leave names out", "give --header")
                .replace("give names, and header: skip", "check the first line");
    }

    /** Why a record cannot be read, and what to do. */
    static String of(Malformed bad, String delimiter) {
        if (bad.reason().startsWith("bytes that are not ")) {
            return bad.reason() + "; if it comes from Windows, give --charset windows-1252, or the charset it has";
        }
        if (bad.reason().endsWith("received 1")) {
            for (char other : DELIMITERS.toCharArray()) {
                if (!delimiter.equals(String.valueOf(other)) && bad.text().indexOf(other) >= 0) {
                    return bad.reason() + "; give --delimiter '" + (other == '\t' ? "\\t" : other) + "'";
                }
            }
        }
        return bad.reason();
    }
}
