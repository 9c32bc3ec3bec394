"""Which cell gives which name to which others, told to the pages that show it. Pure.

Only pages that asked are told, first all of it, then what changed: most pages never look.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from quire.dataflow import Graph
from quire.ids import CellId
from quire.protocol.messages import CellLinks
from quire.protocol.notices import LinksChanged
from quire.session.events import Answer, Effect, PageId
from quire.session.state import SessionState, Step


def follow_links(state: SessionState, page: PageId, *, follow: bool) -> Step:
    """Begin or stop to tell the page."""
    if not follow:
        return replace(state, link_pages=state.link_pages - {page}), []
    state = replace(state, link_pages=state.link_pages | {page})
    if state.graph is None:
        return state, []  # the first look at the notebook is under way
    state, effects = tell_links(state)
    others = [effect for effect in effects if not (isinstance(effect, Answer) and effect.page == page)]
    return state, [*others, Answer(page, LinksChanged(links=dict(state.links)))]


def tell_links(state: SessionState) -> Step:
    """After the graph has changed."""
    if not state.link_pages or state.graph is None:
        return replace(state, links={}) if state.links else state, []
    links = _links_of(state.graph)
    changed = {cell: found for cell, found in links.items() if state.links.get(cell) != found}
    state = replace(state, links=links)
    effects: list[Effect] = [Answer(page, LinksChanged(links=changed)) for page in sorted(state.link_pages)]
    return state, effects if changed else []


def _links_of(graph: Graph) -> Mapping[CellId, CellLinks]:
    return {
        cell: CellLinks(
            defs=sorted(graph.public(cell)),
            refs=sorted(graph.names(cell).refs),
            parents=sorted(graph.parents(cell)),
        )
        for cell in graph.order
        if graph.sources[cell].type != "stray"
    }
