"""What stands on a page and is no part of the article."""

import pytest

from monitor.core.documents import boilerplate


@pytest.mark.parametrize(
    "line", ["Updated 5 minutes ago", "4 min read", "1,204 views", "Read more: Ten dams", "⋙ Ten dams", "Most popular"]
)
def test_goes(line: str) -> None:
    assert boilerplate.without(f"A headline\n{line}\nThe dam holds.") == "A headline\nThe dam holds."


@pytest.mark.parametrize(
    "line",
    [
        "Video footage shows people running.",
        "Updated guidance says masks are needed.",
        "Published figures show 3 deaths.",
        "Comments by the minister angered farmers.",
    ],
)
def test_prose_stays(line: str) -> None:
    assert line in boilerplate.without(f"A headline\n{line}")
