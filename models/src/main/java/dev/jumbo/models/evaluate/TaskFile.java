package dev.jumbo.models.evaluate;

import dev.jumbo.error.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as a file of lm-evaluation-harness describes it, with the documents of files beside it.
 *
 * @param name of the task
 * @param outputType what it asks
 * @param folder from which files are seen
 * @param files of each split
 * @param trainingSplit the split that few-shot examples are drawn from if {@code fewshotSplit} is null, or null
 * @param validationSplit what is measured where there is no {@code testSplit}, or null
 * @param testSplit what is measured, or null
 * @param fewshotSplit what examples are drawn from, or null
 * @param samples examples that the file has itself; empty for those of a split
 * @param firstN whether examples are the first ones, not drawn ones
 * @param numFewshot examples before each document
 * @param text the prompt
 * @param target the answer
 * @param choices continuations; null where there are none
 * @param description before everything; null for none
 * @param targetDelimiter between prompt and answer
 * @param fewshotDelimiter behind each example
 * @param metrics what is told
 * @param until texts that end a generated answer
 * @param maxGenToks tokens of a generated answer
 * @param filters what is taken of a generated answer
 * @param version of the task
 */
public record TaskFile(
        String name,
        OutputType outputType,
        @Nullable Path folder,
        Map<String, List<String>> files,
        @Nullable String trainingSplit,
        @Nullable String validationSplit,
        @Nullable String testSplit,
        @Nullable String fewshotSplit,
        List<Document> samples,
        boolean firstN,
        int numFewshot,
        DocField text,
        DocField target,
        @Nullable DocField choices,
        @Nullable DocField description,
        String targetDelimiter,
        String fewshotDelimiter,
        List<TaskMetric> metrics,
        List<String> until,
        int maxGenToks,
        List<AnswerFilter> filters,
        String version) {
    public TaskFile {
        if (numFewshot < 0) {
            throw new InputException(name + ": num_fewshot: expected 0 or more examples, received " + numFewshot);
        }
    }

    /**
     * Reads a file: keys of lm-evaluation-harness' task files, with {@code dataset_kwargs: {data_files: {test: FILE}}} for the documents (JSON lines,
     * JSON or Parquet, seen from the file's folder). {@code include: arc_easy} takes what is not written from a task that is known here ({@link
     * KnownTasks}), or from another file.
     *
     * @throws InputException for what is not known or would be code, with the file
     */
    public static TaskFile read(Path file) {
        return new TaskReader(file).read();
    }

    /** With another number of examples before each document. @throws InputException if it is below 0 */
    public TaskFile withFewshot(int examples) {
        return new TaskFile(
                name,
                outputType,
                folder,
                files,
                trainingSplit,
                validationSplit,
                testSplit,
                fewshotSplit,
                samples,
                firstN,
                examples,
                text,
                target,
                choices,
                description,
                targetDelimiter,
                fewshotDelimiter,
                metrics,
                until,
                maxGenToks,
                filters,
                version);
    }

    /** The split that is measured. */
    String measured() {
        String split = testSplit != null && files.containsKey(testSplit) ? testSplit : validationSplit;
        if (split == null) {
            split = testSplit;
        }
        if (split == null) {
            throw new InputException(name + ": expected a test_split or a validation_split, found neither");
        }
        return split;
    }

    /** The split that examples are drawn from. */
    String drawnFrom() {
        for (String split : new String[] {fewshotSplit, trainingSplit, validationSplit, testSplit}) {
            if (split != null) {
                return split;
            }
        }
        throw new InputException(name + ": expected a fewshot_split for examples, found none");
    }

    /** The documents of a split. */
    List<Document> documents(String split) {
        List<String> named = files.get(split);
        if (named == null) {
            throw new InputException(name + ": dataset_kwargs: data_files: expected files of the split \"" + split
                    + "\", found those of " + files.keySet());
        }
        return Document.read(named, folder, name + ": data_files: " + split);
    }
}
