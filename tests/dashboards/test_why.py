"""What "Why can I see this?" explains is what the page shows."""

from __future__ import annotations

import pytest

from app.domain.permissions import GRANTED, allows
from app.domain.policy import subject
from app.domain.viewer import Role, Viewer
from dashboards.components.why import subject_of
from dashboards.discovery import Page, find_pages

SERVED = [
    (page, role)
    for page in find_pages()
    for role in GRANTED
    if role != "system" and page.permission in GRANTED[role]
]


@pytest.mark.parametrize(("page", "role"), SERVED, ids=[f"{page.name} {role}" for page, role in SERVED])
def test_each_page_explains_what_it_needs_a_permission_for(page: Page, role: Role):
    viewer = Viewer(role, role)
    told = subject(subject_of(page.permission, viewer))
    assert told.permission in {page.permission, "incidents"}
    assert allows(viewer, told.permission), "nobody is told why they may not see what they see"
