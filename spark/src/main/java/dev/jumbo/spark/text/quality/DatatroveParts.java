package dev.jumbo.spark.text.quality;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parts of a text that came before, as datatrove counts them: as they are written, with their blanks. */
record DatatroveParts(int parts, int repeated, long repeatedCharacters) {
    static DatatroveParts of(List<String> parts) {
        Set<String> seen = new HashSet<>();
        int repeated = 0;
        long characters = 0;
        for (String part : parts) {
            if (!seen.add(part)) {
                repeated++;
                characters += PythonText.length(part);
            }
        }
        return new DatatroveParts(parts.size(), repeated, characters);
    }

    double share() {
        return Rules.ratio(repeated, parts);
    }
}
