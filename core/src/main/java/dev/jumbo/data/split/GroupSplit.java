package dev.jumbo.data.split;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.RandomState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whole groups: all examples with one value of a column, or one part of their files' names, are on one side.
 *
 * <p>Groups are drawn until their examples are the share that was asked for, so {@code ceil(groups * share)} of them where
 * all are of one size, as scikit-learn's {@code GroupShuffleSplit}; a group that would go beyond the share by more than
 * the mean size of a group is passed over. Folds are those of scikit-learn's {@code GroupKFold}: the largest group first,
 * each to the fold with the fewest examples.
 *
 * @param column of a table
 * @param fileName a regular expression found in the name of a picture's file, or in the key of an example of a tar shard;
 *     its first group, if it has one, is the value
 */
@Kind("group")
@Doc("All examples with one value of a column, or of a part of their files' names, on one side.")
public record GroupSplit(
        @Doc("The column of a table; it need not be an input.") @Default("null") @Nullable
        String column,

        @Doc("A regular expression found in a file's name; its first group, if it has one, is the value.")
        @Default("null")
        @Nullable
        String fileName)
        implements SplitMethod {
    /** @throws InputException unless exactly one of both is given, and the expression is one */
    public GroupSplit {
        if ((column == null) == (fileName == null)) {
            throw new InputException("group: expected either column or file_name, received "
                    + (column == null
                            ? "neither: write group: customer or group: {file_name: '^[^_]+'}"
                            : "both: leave one out"));
        }
        if (fileName != null) {
            pattern(fileName);
        }
    }

    @Override
    public String adviceOnMissingClasses() {
        return "groups stay whole, so hold out a larger share (more groups), or choose smaller" + " groups";
    }

    @Override
    public HeldOut choose(Dataset dataset, Keys keys, Shares shares, RandomState random) {
        List<int[]> groups = groups(dataset, keys);
        int[] order = Shuffled.range(groups.size(), random.generator());
        int n = dataset.size();
        double mean = (double) n / groups.size();
        boolean[] taken = new boolean[groups.size()];
        IntStream test = draw(groups, order, taken, Shares.of(n, shares.test()), mean);
        return HeldOut.of(draw(groups, order, taken, Shares.of(n, shares.validation()), mean), test);
    }

    private static IntStream draw(List<int[]> groups, int[] order, boolean[] taken, int wanted, double mean) {
        List<int[]> drawn = new ArrayList<>();
        int held = 0;
        int smallest = -1;
        for (int g : order) {
            int size = groups.get(g).length;
            if (!taken[g] && held < wanted && held + size <= wanted + mean) {
                taken[g] = true;
                drawn.add(groups.get(g));
                held += size;
            } else if (!taken[g] && (smallest < 0 || size < groups.get(smallest).length)) {
                smallest = g;
            }
        }
        if (wanted > 0 && held == 0 && smallest >= 0) {
            taken[smallest] = true;
            drawn.add(groups.get(smallest));
        }
        return drawn.stream().flatMapToInt(Arrays::stream);
    }

    @Override
    public List<int[]> folds(Dataset dataset, Keys keys, int k, RandomState random) {
        List<int[]> groups = groups(dataset, keys);
        SplitMethod.requireFolds(k, groups.size(), "groups");
        List<List<int[]>> folds = new ArrayList<>();
        IntStream.range(0, k).forEach(fold -> folds.add(new ArrayList<>()));
        int[] sizes = new int[k];
        groups.stream().sorted(Comparator.comparingInt((int[] g) -> -g.length)).forEach(group -> {
            int lightest = IntStream.range(0, k)
                    .boxed()
                    .min(Comparator.comparingInt(fold -> sizes[fold]))
                    .orElseThrow();
            sizes[lightest] += group.length;
            folds.get(lightest).add(group);
        });
        return folds.stream()
                .map(fold -> fold.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .toList();
    }

    /** The examples of each group, in the order in which groups first occur. */
    private List<int[]> groups(Dataset dataset, Keys keys) {
        List<@Nullable String> values = values(keys);
        if (values.size() != dataset.size()) {
            throw new InputException(
                    "expected a group for each of " + dataset.size() + " examples, received " + values.size());
        }
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            if (value == null) {
                throw new InputException("split: expected a group in each row, received a missing value in the column "
                        + column + ", " + keys.place(i) + Times.missing(values) + "; write "
                        + Times.dropping(String.valueOf(column)) + ", or fill them with a value of their own");
            }
            groups.computeIfAbsent(value, key -> new ArrayList<>()).add(i);
        }
        if (groups.size() < 2) {
            throw new InputException("split: expected two groups or more by "
                    + (column == null ? "file_name " + fileName : "the column " + column) + ", received "
                    + groups.size() + ": " + groups.keySet());
        }
        return groups.values().stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    private List<@Nullable String> values(Keys keys) {
        if (column != null) {
            return keys.column(column);
        }
        Pattern pattern = pattern(String.valueOf(fileName));
        List<@Nullable String> values = new ArrayList<>();
        for (String name : keys.fileNames()) {
            Matcher matcher = pattern.matcher(name);
            String value = !matcher.find() ? null : matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
            if (value == null) {
                throw new InputException("split: expected " + pattern + " in each file's name, received \"" + name
                        + "\"; change file_name so that it fits all, or rename the file");
            }
            values.add(value);
        }
        return values;
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new InputException(
                    "group: expected a regular expression as file_name, received \"" + text + "\": "
                            + e.getDescription(),
                    e);
        }
    }
}
