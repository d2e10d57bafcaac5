package dev.jumbo.models.evaluate;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.models.evaluate.DocField.Reads;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of a task, document by document: description, examples, and the document's own. Examples are drawn in the order in which prompts are
 * asked for, as lm-evaluation-harness draws them.
 */
final class Prompts {
    private final TaskFile task;
    private final Set<String> columns;
    private final List<Document> pool;
    private final PythonRandom random;
    /** Whether documents themselves are among the examples, and are left out of theirs. */
    private final boolean sameSplit;
    /** Whether choices stand in the prompt and not behind it: the prompt's field is the place of the right one. */
    private final boolean choicesFirst;

    Prompts(TaskFile task, List<Document> documents, Set<String> columns, long seed) {
        this.task = task;
        this.columns = columns;
        random = new PythonRandom(seed);
        sameSplit = Objects.equals(task.fewshotSplit(), task.testSplit());
        pool = task.numFewshot() == 0 ? List.of() : pool(task, documents);
        choicesFirst = task.choices() != null && text(documents.get(0)) instanceof Long;
    }

    private static List<Document> pool(TaskFile task, List<Document> documents) {
        if (!task.samples().isEmpty() && task.fewshotSplit() == null) {
            return task.samples();
        }
        String split = task.drawnFrom();
        return split.equals(task.measured()) ? documents : task.documents(split);
    }

    boolean choicesFirst() {
        return choicesFirst;
    }

    Object text(Document document) {
        return task.text().of(document, columns, new Reads(task.choices() != null, false));
    }

    Object target(Document document) {
        return task.target().of(document, columns, new Reads(task.choices() != null, true));
    }

    List<String> choices(Document document) {
        return Objects.requireNonNull(task.choices()).choices(document, columns);
    }

    /** What stands before the continuations: one prompt, or one for each choice. */
    List<String> of(Document document) {
        StringBuilder before = new StringBuilder();
        if (task.description() != null) {
            before.append(task.description().of(document, columns, new Reads(false, false)));
        }
        for (Document example : examples(document)) {
            before.append(example(example));
        }
        if (choicesFirst) {
            List<String> prompts = new ArrayList<>();
            choices(document).forEach(choice -> prompts.add(before + choice));
            return prompts;
        }
        if (text(document) instanceof String own) {
            return List.of(before + own);
        }
        throw document.wrong("doc_to_text: expected a text, received " + Shown.begin(text(document)));
    }

    private String example(Document example) {
        List<String> choices = task.choices() == null ? null : choices(example);
        Object question = text(example);
        String asked = question instanceof Long place
                ? choice(example, Objects.requireNonNullElse(choices, List.of()), place)
                : String.valueOf(question);
        String answer = answer(example, choicesFirst ? null : choices, target(example));
        return asked + (answer.isEmpty() ? "" : task.targetDelimiter() + answer + task.fewshotDelimiter());
    }

    private static String answer(Document example, @Nullable List<String> choices, Object target) {
        if (target instanceof Long place && choices != null) {
            return choice(example, choices, place);
        }
        if (target instanceof List<?> several) {
            return several.isEmpty() ? "" : String.valueOf(several.get(0));
        }
        if (target instanceof String text) {
            return text;
        }
        throw example.wrong("doc_to_target: expected a text in an example, received " + Shown.begin(target));
    }

    private static String choice(Document example, List<String> choices, long place) {
        if (place < 0 || place >= choices.size()) {
            throw example.wrong("expected the place of one of " + choices.size() + " choices, received " + place);
        }
        return choices.get((int) place);
    }

    private List<Document> examples(Document document) {
        int wanted = task.numFewshot();
        if (wanted == 0) {
            return List.of();
        }
        if (task.firstN()) {
            List<Document> first = sameSplit ? without(pool, document) : pool;
            require(first.size(), 0);
            return first.subList(0, wanted);
        }
        int spare = sameSplit ? 1 : 0;
        require(pool.size(), spare);
        List<Document> examples = random.sample(pool.size(), wanted + spare).stream()
                .map(pool::get)
                .toList();
        if (!sameSplit) {
            return examples;
        }
        List<Document> others = without(examples, document);
        if (others.size() >= wanted) {
            return others.subList(0, wanted);
        }
        // Several are equal to the document.
        List<Document> rest = without(pool, document);
        require(rest.size(), 0);
        return random.sample(rest.size(), wanted).stream().map(rest::get).toList();
    }

    private static List<Document> without(List<Document> documents, Document one) {
        return documents.stream()
                .filter(other -> !other.values().equals(one.values()))
                .toList();
    }

    /** @param spare documents that are drawn for one and may be left out */
    private void require(int there, int spare) {
        if (there < task.numFewshot() + spare) {
            throw new InputException(task.name() + ": num_fewshot: expected at most " + Math.max(0, there - spare)
                    + " examples, as there are " + there + " documents to take them from, received "
                    + task.numFewshot());
        }
    }
}
