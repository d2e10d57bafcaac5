"""Figures of texts by sacrebleu 2.6.0, rouge_score (google-research, 2021, with NLTK 3.10.3's stemmer), the script of SQuAD and seqeval 1.2.2.

python make_text_metric_fixtures.py ORACLES writes ../resources/metrics/texts.json; ORACLES has the packages rouge_score and seqeval and the
script metrics/squad/compute_score.py of Hugging Face's evaluate.
"""

import json
import random
import re
import sys
import types
from pathlib import Path

sys.path.insert(0, sys.argv[1])
stemmers = types.ModuleType("rouge_score.stemmers")  # the copy at hand names stemmers by language; English is the original's
from nltk.stem import porter

stemmers.stemmers = {"en": porter.PorterStemmer()}
sys.modules["rouge_score.stemmers"] = stemmers
from rouge_score import rouge_scorer

sys.path.insert(0, sys.argv[1] + "/metrics/squad")
import compute_score as squad
from sacrebleu.metrics import BLEU, CHRF, TER
from seqeval.metrics import v1
from seqeval.scheme import IOB2

CORPORA = {
    "plain": {
        "hypotheses": [
            "The cat sat on the mat.",
            "He paid $1,234.50 for it - or so he said.",
            "A quick brown fox (really quick!) jumps over the lazy dog",
            "It is not what they had asked for, is it?",
        ],
        "references": [
            ["The cat is sitting on the mat.", "There was a cat on the mat."],
            ["He paid $1,234.50 for that, or so he says.", "It cost him 1,234.50 dollars, he said."],
            ["The quick brown fox jumps over the lazy dog.", "A fast brown fox leaps over a lazy dog."],
            ["That is not what they asked for.", "Is it not what they had asked for?"],
        ],
    },
    "unicode": {
        "hypotheses": [
            "Zwei Männer stehen am Herd – und „kochen“ für 3,5 Stunden…",
            "Ça coûte 12€, n’est-ce pas\u00a0?",
            "日本語のテスト、です。",
            "Wow 😀😀 so good &amp; &quot;nice&quot; <skipped> 50%-off",
            "СЪЕШЬ ещё этих мягких французских булок №5",
        ],
        "references": [
            ["Zwei Männer stehen an einem Herd und „kochen“ 3,5 Stunden lang…"],
            ["Cela coûte 12 €, n’est-ce pas ?"],
            ["これは日本語のテストです。"],
            ["Wow 😀 very good & \"nice\" 50%-off"],
            ["съешь же ещё этих мягких французских булок №5"],
        ],
    },
    "varied": {
        "hypotheses": ["one two three", "", "a b c d e f g", "x", "same words here in another order entirely"],
        "references": [["one two four", "two three"], ["nothing"], ["a b c d e g f"], ["y", "x", "z"],
                       ["entirely in another order same words here"]],
    },
    "no match": {"hypotheses": ["alpha beta"], "references": [["gamma delta epsilon"]]},
    "one word": {"hypotheses": ["hello"], "references": [["hello"]]},
}
random.seed(7)
WORDS = "the a of man dog runs run running on hill hills green quickly relational organization 12 3.5 , . - red".split()
lines = [" ".join(random.choice(WORDS) for _ in range(random.randint(3, 22))) for _ in range(40)]


def disturbed(line):
    words = line.split()
    for _ in range(random.randint(0, 4)):
        kind = random.randint(0, 2)
        at = random.randrange(len(words))
        if kind == 0:
            words[at] = random.choice(WORDS)
        elif kind == 1 and len(words) > 2:
            del words[at]
        else:
            to = random.randrange(len(words))
            run = words[at:at + 3]
            del words[at:at + 3]
            words[to:to] = run
    return " ".join(words)


CORPORA["drawn"] = {"hypotheses": [disturbed(line) for line in lines], "references": [[line] for line in lines]}

METRICS = {
    "bleu": [
        {}, {"tokenize": "intl"}, {"tokenize": "char"}, {"tokenize": "none"}, {"lowercase": True},
        {"smooth_method": "floor"}, {"smooth_method": "floor", "smooth_value": 0.02}, {"smooth_method": "add-k"},
        {"smooth_method": "add-k", "smooth_value": 0.5}, {"smooth_method": "none"}, {"effective_order": True},
        {"max_ngram_order": 2}],
    "chrf": [
        {}, {"word_order": 2}, {"word_order": 1, "lowercase": True}, {"char_order": 4, "beta": 1}, {"whitespace": True},
        {"eps_smoothing": True, "word_order": 2}],
    "ter": [{}, {"normalized": True}, {"no_punct": True}, {"case_sensitive": True, "normalized": True, "no_punct": True}],
}
KINDS = {"bleu": BLEU, "chrf": CHRF, "ter": TER}


def streams(references):
    most = max(map(len, references))
    return [[one[i] if i < len(one) else None for one in references] for i in range(most)]


def sacre(corpus):
    results = []
    for kind, settings in METRICS.items():
        for setting in settings:
            metric = KINDS[kind](**setting)
            score = metric.corpus_score(corpus["hypotheses"], streams(corpus["references"]))
            signature = re.sub(r"version:.*", "", str(metric.get_signature()))
            results.append({"kind": kind, "settings": setting, "score": score.score, "signature": signature, "verbose": score._verbose})
    return results


def rouge(corpus, stemmer):
    types_ = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]
    scorer = rouge_scorer.RougeScorer("en", types_, use_stemmer=stemmer)
    sums = dict.fromkeys(types_, 0.0)
    for hypothesis, references in zip(corpus["hypotheses"], corpus["references"]):
        scores = [scorer.score(reference, hypothesis) for reference in references]
        for type_ in types_:
            sums[type_] += max(score[type_].fmeasure for score in scores)
    return {type_: value / len(corpus["hypotheses"]) for type_, value in sums.items()}


def answers(corpus):
    pairs = [(h, r) for h, r in zip(corpus["hypotheses"], corpus["references"]) if squad.normalize_answer(h)]
    return {
        "hypotheses": [h for h, _ in pairs],
        "references": [r for _, r in pairs],
        "exact_match": sum(squad.metric_max_over_ground_truths(squad.exact_match_score, h, r) for h, r in pairs) / len(pairs),
        "token_f1": sum(squad.metric_max_over_ground_truths(squad.f1_score, h, r) for h, r in pairs) / len(pairs),
    }


for corpus in CORPORA.values():
    corpus["sacrebleu"] = sacre(corpus)
    corpus["rouge"] = rouge(corpus, False)
    corpus["rouge_stemmed"] = rouge(corpus, True)
SUMMARIES = {
    "hypotheses": ["The dogs were running on the hills.\nThey had organized races.\nNobody won.", "A man\n\nis the mayor of a city"],
    "references": [["A dog runs on a hill.\nThe organization of races was theirs.\nNobody was winning."],
                   ["The man is mayor\nof the city the man\n", "a man and the city"]],
}
SUMMARIES["rouge"] = rouge(SUMMARIES, False)
SUMMARIES["rouge_stemmed"] = rouge(SUMMARIES, True)
ANSWERS = answers({
    "hypotheses": ["The Eiffel Tower", "in 1,889", "an apple, a pear", "Thé the\u00a0thé", "no", "cat-fish"],
    "references": [["Eiffel tower.", "tower"], ["1889"], ["the pear and apple", "plum"], ["thé thé"], ["yes"], ["catfish", "cat fish"]],
})

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-MISC", "I-MISC", "B", "I"]
truth = [[random.choice(TAGS) for _ in range(random.randint(1, 12))] for _ in range(60)]
guess = [[tag if random.random() < 0.7 else random.choice(TAGS) for tag in one] for one in truth]
ENTITIES = {"truth": truth, "predicted": guess}
for average in ["micro", "macro", "weighted"]:
    p, r, f, _ = v1.precision_recall_fscore_support(truth, guess, average=average, scheme=IOB2)
    ENTITIES[average] = [float(p), float(r), float(f)]
report = v1.classification_report(truth, guess, scheme=IOB2, output_dict=True)
ENTITIES["types"] = {k: [float(v["precision"]), float(v["recall"]), float(v["f1-score"]), int(v["support"])]
                     for k, v in report.items() if not k.endswith("avg")}

vocabulary = set()
SUFFIXES = ("ational tional enci anci izer bli abli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti biliti "
            "fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize "
            "s es ies ss ed ied eed ing ying y e ll lly").split()
STEMS = "relat condit form electr radic hop fall fil siz agre happ sk d l enjo troubl plaster control rol geo archaeo ally syzyg xy yy b".split()
for stem in STEMS:
    for suffix in SUFFIXES:
        vocabulary.add(stem + suffix)
vocabulary.update("skies dying news innings howe proceed dies flies spied died yyyy by".split())
stem = stemmers.stemmers["en"].stem
STEMMED = {word: stem(word) for word in sorted(vocabulary) if len(word) > 3}

out = Path(__file__).parent.parent / "resources/metrics/texts.json"
out.write_text(json.dumps({"corpora": CORPORA, "summaries": SUMMARIES, "answers": ANSWERS, "entities": ENTITIES, "stems": STEMMED},
                          ensure_ascii=True) + "\n")
print(out.stat().st_size)
