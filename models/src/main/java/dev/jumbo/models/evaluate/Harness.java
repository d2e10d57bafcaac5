package dev.jumbo.models.evaluate;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.models.generate.TextScorer;
import dev.jumbo.nn.generate.GenerationConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Runs tasks on a language model, with the requests, prompts and figures of lm-evaluation-harness. Every request is computed by itself. One thread at
 * a time.
 *
 * @param model stays the caller's
 * @param seed few-shot examples are drawn by it
 * @param limit the most documents of a task
 * @param heard told how many documents of a task are done
 */
public record Harness(TextGenerator model, long seed, int limit, IntConsumer heard) {
    /** lm-evaluation-harness' {@code fewshot_random_seed}. */
    public static final long SEED = 1234;

    public Harness {
        if (limit < 1) {
            throw new InputException("limit: expected 1 or more documents, received " + limit);
        }
    }

    /** With the standard seed, over all documents. */
    public static Harness of(TextGenerator model) {
        return new Harness(model, SEED, Integer.MAX_VALUE, done -> {});
    }

    /** @throws InputException if a document does not fit the task, with its file and line */
    public TaskResult run(TaskFile task) {
        List<Document> documents = task.documents(task.measured());
        Set<String> columns = new LinkedHashSet<>();
        documents.forEach(document -> columns.addAll(document.values().keySet()));
        Prompts prompts = new Prompts(task, documents, columns, seed);
        List<Document> measured = documents.subList(0, Math.min(limit, documents.size()));
        TaskFigures figures = new TaskFigures(task, seed);
        Requests requests = new Requests(task, prompts, figures, model.scorer());
        for (int i = 0; i < measured.size(); i++) {
            Document document = measured.get(i);
            try {
                requests.ask(document);
            } catch (InputException e) {
                String message = String.valueOf(e.getMessage());
                throw message.startsWith(document.where())
                        ? e
                        : new InputException(document.where() + ": " + message, e);
            }
            heard.accept(i + 1);
        }
        return new TaskResult(
                task.name(),
                task.version(),
                task.outputType(),
                measured.size(),
                task.numFewshot(),
                figures.all(),
                requests.cut,
                requests.samples);
    }

    /** What is asked of each document. */
    private final class Requests {
        private final TaskFile task;
        private final Prompts prompts;
        private final TaskFigures figures;
        private final TextScorer scorer;
        private final List<TaskResult.Sample> samples = new ArrayList<>();
        private final GenerationConfig greedy;
        private int cut;

        Requests(TaskFile task, Prompts prompts, TaskFigures figures, TextScorer scorer) {
            this.task = task;
            this.prompts = prompts;
            this.figures = figures;
            this.scorer = scorer;
            greedy = GenerationConfig.greedy(task.maxGenToks())
                    .stop(task.until().stream().filter(text -> !text.isEmpty()).toList());
            if (task.outputType() == OutputType.GENERATE_UNTIL && task.maxGenToks() >= scorer.context()) {
                throw new InputException(task.name() + ": max_gen_toks: expected fewer than " + scorer.context()
                        + ", the model's context, received " + task.maxGenToks());
            }
        }

        void ask(Document document) {
            switch (task.outputType()) {
                case MULTIPLE_CHOICE -> choose(document);
                case LOGLIKELIHOOD -> continues(document);
                case LOGLIKELIHOOD_ROLLING -> rolls(document);
                case GENERATE_UNTIL -> generates(document);
            }
        }

        private TextScorer.Continuation score(String context, String continuation) {
            TextScorer.Continuation scored = scorer.score(context, continuation);
            cut += scored.cut() > 0 ? 1 : 0;
            return scored;
        }

        private void choose(Document document) {
            List<String> before = prompts.of(document);
            List<String> choices = prompts.choices(document);
            List<TextScorer.Continuation> scored = new ArrayList<>();
            for (int i = 0; i < choices.size(); i++) {
                String said = prompts.choicesFirst() ? text(document) : choices.get(i);
                scored.add(score(before.get(prompts.choicesFirst() ? i : 0), task.targetDelimiter() + said));
            }
            Object right = prompts.choicesFirst() ? prompts.text(document) : prompts.target(document);
            figures.choice(document, choices, scored, right);
            samples.add(new TaskResult.Sample(
                    document.where(),
                    before.get(0),
                    List.of(),
                    scored.stream().map(TextScorer.Continuation::logprob).toList()));
        }

        private String text(Document document) {
            Object target = prompts.target(document);
            if (target instanceof String text) {
                return text;
            }
            throw document.wrong("doc_to_target: expected a text, received " + Shown.begin(target));
        }

        private void continues(Document document) {
            String before = prompts.of(document).get(0);
            TextScorer.Continuation scored = score(before, text(document));
            figures.continuation(scored);
            samples.add(new TaskResult.Sample(document.where(), before, List.of(), List.of(scored.logprob())));
        }

        private void rolls(Document document) {
            String text = text(document);
            TextScorer.Rolled rolled = scorer.rolling(text);
            figures.rolled(text, rolled.logprob());
            samples.add(new TaskResult.Sample(document.where(), text, List.of(), List.of(rolled.logprob())));
        }

        private void generates(Document document) {
            String prompt = prompts.of(document).get(0);
            int most = scorer.context() - task.maxGenToks();
            int[] tokens = scorer.lastTokens(prompt, Integer.MAX_VALUE);
            cut += tokens.length > most ? 1 : 0;
            String answer =
                    model.generate(scorer.lastTokens(prompt, most), greedy).text();
            figures.generated(answer, right(document));
            samples.add(new TaskResult.Sample(document.where(), prompt, List.of(answer), List.of()));
        }

        private List<String> right(Document document) {
            Object target = prompts.target(document);
            if (target instanceof Long place && task.choices() != null) {
                List<String> choices = prompts.choices(document);
                if (place < 0 || place >= choices.size()) {
                    throw document.wrong("doc_to_target: expected the place of one of " + choices.size()
                            + " choices, received " + place);
                }
                return List.of(choices.get(place.intValue()));
            }
            if (target instanceof List<?> several) {
                return several.stream().map(String::valueOf).toList();
            }
            return List.of(String.valueOf(target));
        }
    }
}
