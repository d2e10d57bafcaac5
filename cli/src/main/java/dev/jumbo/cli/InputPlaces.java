package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether the places of several inputs say which is which, where a graph has other names for them than the data. */
final class InputPlaces {
    private InputPlaces() {}

    /**
     * Refuses two cases in which a graph that is fed by places would be fed others than the file shows: groups of a table, which stand in the order
     * of their names, and the {@code run.yaml} of an earlier version, which has lost the order of its inputs.
     *
     * @throws InputException with the names to use
     */
    static void require(Path file, JsonNode tree) {
        List<String> taken = new ArrayList<>();
        tree.at("/model/layers/0/graph/inputs").forEach(name -> taken.add(name.asText()));
        JsonNode records = tree.at("/data/dataset/records");
        List<String> inputs = names(records.path("inputs"));
        // An earlier version wrote every key that there was then.
        boolean written = records.has("predicted") && records.has("weight") && records.has("validation");
        if (isOther(taken, inputs) && written && !records.has("clean") && inputs.equals(sorted(inputs))) {
            throw new InputException(file + ": expected the graph's inputs by the names of the data's, " + inputs
                    + ", received " + taken
                    + ": an earlier version wrote such a file with the inputs in the order of their"
                    + " names, which does not say which of them was the first; name the graph's inputs as the data's, or"
                    + " train from the file that the run was trained from");
        }
        List<String> groups = names(tree.at("/data/dataset/table/inputs"));
        if (isOther(taken, groups) && !groups.equals(sorted(groups))) {
            throw new InputException(
                    file + ": expected the graph's inputs by the names of the table's, " + groups
                            + ", received " + taken + ": by their places they would be " + sorted(groups)
                            + ", as a table has its inputs in the order of their names; name the graph's inputs as the table's");
        }
    }

    private static boolean isOther(List<String> taken, List<String> inputs) {
        return inputs.size() > 1 && !taken.isEmpty() && !taken.containsAll(inputs);
    }

    private static List<String> names(JsonNode mapping) {
        List<String> names = new ArrayList<>();
        mapping.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }
}
