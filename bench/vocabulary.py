"""Makes the vocabularies of other languages: `python -m bench.vocabulary`, with the package wordfreq installed.

How common a word is in German say no headlines of English outlets: there every German word is rare. The frequencies
are those of wordfreq 3 (Robyn Speer, 2022; CC BY-SA 4.0), a median over subtitles, news, books, the web and
encyclopedias, which has enough of 25 languages that set spaces between their words. Kept are words of at least three in
a million, by their frequency in tenths of its logarithm, and of each language the commonest hundred, by which a text is
known to be in it and which say nothing of the subject (monitor/data/vocabulary).
"""

from __future__ import annotations

import lzma
import math
from collections import defaultdict
from pathlib import Path

from monitor import data
from monitor.core.language import event_classes, rarity
from monitor.core.language.vocabulary import LANGUAGES
from monitor.core.language.words import stem
from monitor.core.text import fold, words

TARGET = Path(__file__).resolve().parents[1] / "monitor/data/vocabulary"
FREQUENCY_MIN = 10**-5.5  # of all words; some 15,000 words of a language
COMMONEST = 100
# What stands in fewer of the background's headlines, some twenty, is a foreign word in them: "fur" and "dos" are, not
# "mint", "skull" or Salah (read).
ENGLISH_MIN = 3.5e-5
# English words for acts and offices are three times as frequent in headlines as others as common (median of 694).
NEWS = 3.0


def main() -> None:
    """Write a table a language and one of the commonest words of all."""
    import wordfreq  # type: ignore[import-not-found]  # only this table needs it

    TARGET.mkdir(exist_ok=True)
    commonest = []
    offices = {fold(word) for row in data.rows("speaker_roles.tsv") for word in row[-1].split("|") if " " not in word}
    for language in ["en", *sorted(LANGUAGES)]:
        frequencies: dict[str, float] = defaultdict(float)
        for written, frequency in wordfreq.get_frequency_dict(language, "best").items():
            found = words(written)
            if len(found) == 1 and not found[0].isdigit():
                frequencies[fold(found[0])] += frequency
        ranked = sorted(frequencies, key=lambda word: (-frequencies[word], word))
        commonest.append(f"{language}\t{' '.join(ranked[:COMMONEST])}\n")
        if language == "en":
            continue
        for word in ranked:
            if word in offices or event_classes.abroad(word):
                frequencies[word] *= NEWS
        groups: dict[float, list[str]] = defaultdict(list)
        for word in ranked:
            if frequencies[word] >= FREQUENCY_MIN:
                groups[round(math.log10(frequencies[word]), 1)].append(word)
        head = "# log10 of the share of all words\twords so common (bench/vocabulary.py; wordfreq 3, CC BY-SA 4.0)\n"
        table = head + "".join(f"{level}\t{' '.join(sorted(found))}\n" for level, found in groups.items())
        (TARGET / f"{language}.tsv.xz").write_bytes(lzma.compress(table.encode(), preset=9))
        print(language, sum(map(len, groups.values())))
    head = "# language\tits commonest words (bench/vocabulary.py; wordfreq 3, CC BY-SA 4.0)\n"
    (TARGET / "commonest.tsv").write_text(head + "".join(commonest), "utf-8")
    every = {word for row in commonest for word in row.split()[1:]}
    foreign = sorted(word for word in every if rarity.share(stem(word)) < ENGLISH_MIN)
    head = "# the commonest words of other languages that English headlines hardly have (bench/vocabulary.py)\n"
    (TARGET / "function_words.txt").write_text(f"{head}{' '.join(foreign)}\n", "utf-8")


if __name__ == "__main__":
    main()
