"""The process that learns from past decisions: examples on stdin, a model on stdout, both JSON.

``python -m core.precedents.training``. scikit-learn is loaded here and nowhere else; the process
ends with its work and gives its memory back.
"""

import os
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence

import msgspec

from core.precedents.model import Model, Step

LEAST_CASES = 100
"""Fewer decisions teach nothing: the program keeps silent."""
LEAST_OF_LABEL = 5
"""A person named less often is not guessed."""
FOLDS = 5
MOST_TERMS = 8000
GOOD = 0.8
"""A guess is shown only if at least so many of its like were right in the checks."""
LEAST_CHECKED = 20
"""So many guesses of a probability must have been checked."""
STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
MEMORY = 2 * 1024 ** 3


class Example(msgspec.Struct):
    """A past decision: what the message is told by, and to whom it went."""

    terms: list[str]
    label: str


def train(examples: Sequence[Example]) -> Model | None:
    """A model with its checks; None where there is too little to learn from.

    TF-IDF and logistic regression; every example is judged by a model that has not seen it (in
    five parts), and what came of that is what is shown as certainty.
    """
    counts = Counter(one.label for one in examples)
    known = [one for one in examples if counts[one.label] >= LEAST_OF_LABEL]
    labels = sorted({one.label for one in known})
    if len(known) < LEAST_CASES or len(labels) < 2:
        return None
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    def learner() -> tuple[TfidfVectorizer, LogisticRegression]:
        return (TfidfVectorizer(analyzer=_as_is, min_df=2, max_features=MOST_TERMS,
                                sublinear_tf=True),
                LogisticRegression(C=5.0, tol=1e-3, max_iter=100))

    said = [one.terms for one in known]
    right = [labels.index(one.label) for one in known]
    checks = cross_val_predict(
        make_pipeline(*learner()), said, right, method="predict_proba",
        cv=StratifiedKFold(FOLDS, shuffle=True, random_state=1))
    sure, good = checks.max(axis=1).tolist(), (checks.argmax(axis=1) == right).tolist()
    words, judge = learner()
    judge.fit(words.fit_transform(said), right)
    if rare := [one.terms for one in examples if counts[one.label] < LEAST_OF_LABEL]:
        unseen = judge.predict_proba(words.transform(rare)).max(axis=1).tolist()
        sure, good = sure + unseen, good + [False] * len(rare)  # who it went to is never guessed
    steps = _steps(sure, good)
    weights, bias = judge.coef_, judge.intercept_
    if len(labels) == 2:  # scikit-learn keeps one row for two classes
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.array([-bias[0], bias[0]]) / 2
    return Model(
        cases=len(known), labels=labels,
        terms={term: int(place) for term, place in words.vocabulary_.items()},
        idf=[float(one) for one in words.idf_],
        weights=b64encode(weights.astype("<f4").tobytes()).decode(),
        bias=[float(one) for one in bias], steps=steps)


def _as_is(terms: list[str]) -> list[str]:
    return terms


def _steps(probabilities: Sequence[float], right: Sequence[bool]) -> list[Step]:
    """From the lowest probability above which guesses are good, upwards."""
    found = []
    for least, most in zip(STEPS, (*STEPS[1:], 1.01), strict=True):
        checked = [good for one, good in zip(probabilities, right, strict=True)
                   if least <= one < most]
        if len(checked) < LEAST_CHECKED:
            continue
        share = sum(checked) / len(checked)
        if share >= GOOD:
            found.append(Step(least, round(share, 3), len(checked)))
        else:
            found.clear()
    return found


def main() -> int:
    """Learn once; an empty answer where there is too little to learn from."""
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[threads] = "1"  # before numpy is loaded; the office's work goes first
    if sys.platform == "linux":
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.nice(10)
    examples = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Example])
    model = train(examples)
    sys.stdout.buffer.write(msgspec.json.encode(model) if model is not None else b"")
    return 0


if __name__ == "__main__":
    sys.exit(main())
