"""Routes that name their permission and refuse what they do not know."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.api.asked import require_readable
from app.api.statuses import completed
from app.domain.errors import BadInput
from app.domain.permissions import ABOUT_PERSONS, Permission, require
from app.domain.viewer import NOBODY, Viewer
from app.gate import spend, viewer_of


class Needs:
    """A dependency: the route needs this permission. Gives the viewer."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Viewer:
        """Let pass, with the viewer, or raise ``NotAllowed``, or ``TooMany`` where it is about persons."""
        viewer = viewer_of(request.scope)
        require(viewer, self.permission)
        if self.permission in ABOUT_PERSONS:
            spend(request.scope)
        return viewer or NOBODY


Anybody = Annotated[Viewer, Depends(Needs("public"))]
Anyone = Annotated[Viewer, Depends(Needs("pages"))]
"""Whoever is signed in, in whatever role."""
MaySeeFigures = Annotated[Viewer, Depends(Needs("figures"))]
MaySeeIncidents = Annotated[Viewer, Depends(Needs("incidents"))]
MaySeePairs = Annotated[Viewer, Depends(Needs("pairs"))]
MayFollowUp = Annotated[Viewer, Depends(Needs("follow_up"))]
MayJudgeLinks = Annotated[Viewer, Depends(Needs("links"))]
MayKeepLogBook = Annotated[Viewer, Depends(Needs("notes"))]
MaySeeAlerts = Annotated[Viewer, Depends(Needs("alerts"))]
MayActOnAlerts = Annotated[Viewer, Depends(Needs("alert_duty"))]
MayWriteAlertRules = Annotated[Viewer, Depends(Needs("alert_rules"))]
MaySeeLog = Annotated[Viewer, Depends(Needs("log"))]
MaySeeCubes = Annotated[Viewer, Depends(Needs("cubes"))]
MayMendQuarantine = Annotated[Viewer, Depends(Needs("quarantine"))]
MayPush = Annotated[Viewer, Depends(Needs("push"))]


def permission_of(dependant: Dependant) -> Permission | None:
    """The permission that a route declares."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Needs):
            return dependency.call.permission
        deeper = permission_of(dependency)
        if deeper is not None:
            return deeper
    return None


def parameters_of(dependant: Dependant) -> set[str]:
    """The names of all query parameters that a route takes."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*(parameters_of(dependency) for dependency in dependant.dependencies))


class Route(APIRoute):
    """A route that cannot be made without a permission, and answers 400 to a parameter it does not know or read."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        permission = permission_of(self.dependant)
        if permission is None:
            raise TypeError(
                f"{path} names no permission; take one of those in app.api.routing as a parameter."
            )
        self.permission: Permission = permission
        self.responses = completed(self.responses, permission, path, self.methods or ())

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind a check of the parameters' names."""
        handle = super().get_route_handler()
        known = parameters_of(self.dependant)

        async def strict(request: Request) -> Response:
            unknown = set(request.query_params) - known
            if unknown:
                choose = f"choose any of {', '.join(sorted(known))}" if known else "it takes none"
                raise BadInput(f"{request.url.path} knows no parameter {min(unknown)!r}; {choose}.")
            require_readable(request.query_params.multi_items())
            return await handle(request)

        return strict


def routes() -> APIRouter:
    """A router of such routes."""
    return APIRouter(route_class=Route)
