"""Every refusal code is translated in every language, and listed."""

import re

import pytest

from tools.refusals import DOCUMENT, TEXTS, codes, document, texts

LANGUAGES = sorted(path.stem for path in TEXTS.glob("*.json"))


def test_chinese_and_english_are_offered():
    assert {"zh", "en"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_code_has_words(language: str):
    assert len(codes()) > 30, "the codes were not found: does this test still read the source?"
    words = texts(language)
    missing = [code for code in sorted(codes()) if not words.get(f"refusal.{code}", "").strip()]
    assert not missing, f"add refusal.<code> to pwa/src/i18n/{language}.json: {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_a_key_or_has_one_of_its_own(language: str):
    keys = {name: set(texts(name)) for name in LANGUAGES}
    everything = set().union(*keys.values())
    assert not everything - keys[language], f"missing in {language}: {sorted(everything - keys[language])}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_a_refusal_use_facts_that_it_carries(language: str):
    wrong = []
    for code, about in codes().items():
        for fact in names_in(texts(language).get(f"refusal.{code}", "")):
            if about.facts and fact not in about.facts:
                wrong.append(f"{code}: {{{fact}}} is not among {sorted(about.facts)}")
    assert not wrong, wrong


def names_in(pattern: str) -> set[str]:
    """The arguments of an ICU-light pattern: `{name}` and `{name, plural, …}`."""
    found = set()
    depth = 0
    for place, letter in enumerate(pattern):
        if letter == "{":
            depth += 1
            name = re.split(r"[},]", pattern[place + 1 :], maxsplit=1)[0].strip()
            if depth in {1, 3} and name.isidentifier():
                found.add(name)
        elif letter == "}":
            depth -= 1
    return found


def test_names_are_found_in_patterns():
    assert names_in("{a} of {n, plural, one {# line of {b}} other {no lines}}") == {"a", "n", "b"}


def test_the_page_of_refusals_is_in_step():
    assert DOCUMENT.exists(), "run `make docs`"
    assert DOCUMENT.read_text(encoding="utf-8") == document(), (
        "docs/refusals.md is out of step: run `make docs`"
    )
