package dev.jumbo.data.table.read;

import java.util.List;

/**
 * Texts that stand for a missing value. By default those of pandas's {@code read_csv}, exactly: {@code missing: []} takes
 * every text as it is, and {@code missing: ["", "?"]} these two alone.
 */
public final class MissingMarkers {
    /** The list as it stands in records' defaults. */
    static final String DEFAULT =
            "[\"\", \"#N/A\", \"#N/A N/A\", \"#NA\", \"-1.#IND\", \"-1.#QNAN\", \"-NaN\", \"-nan\","
                    + " \"1.#IND\", \"1.#QNAN\", \"<NA>\", \"N/A\", \"NA\", \"NULL\", \"NaN\", \"None\", \"n/a\", \"nan\","
                    + " \"null\"]";

    private static final List<String> PANDAS = List.of(
            "",
            "#N/A",
            "#N/A N/A",
            "#NA",
            "-1.#IND",
            "-1.#QNAN",
            "-NaN",
            "-nan",
            "1.#IND",
            "1.#QNAN",
            "<NA>",
            "N/A",
            "NA",
            "NULL",
            "NaN",
            "None",
            "n/a",
            "nan",
            "null");

    private MissingMarkers() {}

    /** What pandas's {@code read_csv} takes for missing unless told otherwise ({@code na_values}, {@code keep_default_na}). */
    public static List<String> pandas() {
        return PANDAS;
    }
}
