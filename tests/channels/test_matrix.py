"""Every fault of a mail host and of a webhook receiver, to the end of the delivery."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels import matrix


@pytest.mark.parametrize("case", matrix.MAIL, ids=lambda case: case.name)
async def test_mail(case: matrix.Case, tmp_path: Path) -> None:
    result = await matrix.run_mail(case, tmp_path)
    assert result.problems == [], result


@pytest.mark.parametrize("case", matrix.HOOK, ids=lambda case: case.name)
async def test_webhook(case: matrix.Case, tmp_path: Path) -> None:
    result = await matrix.run_hook(case, tmp_path)
    assert result.problems == [], result
