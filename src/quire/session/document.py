"""The text of every cell, with a version and the steps that led to it. Pure; the one authority over what is typed.

A client bases its updates on a version. When others were faster, its updates are moved over theirs and accepted: they
are refused only when they are not change sets at all. They are moved over one accepted update after the other, never
over several composed into one: a page that takes up updates one by one comes to the same text, whatever the timing.
"""

from collections.abc import Mapping, Sequence

import msgspec

from quire.errors import EditRefused, StaleVersion, UnknownCell
from quire.ids import CellId
from quire.protocol.messages import Update
from quire.session.changes import ChangeSet, replace_text
from quire.session.transform import map_changes

HISTORY = 2000
"""Steps remembered for each cell. A client further behind gets the whole text."""

LONGEST_TEXT = 16 * 1024 * 1024
"""Characters in one cell. Longer ones would not fit into a frame."""


class Step(msgspec.Struct, frozen=True):
    """One accepted update."""

    client: str
    changes: ChangeSet

    def to_update(self) -> Update:
        return Update(client_id=self.client, changes=self.changes.to_json())


class CellText(msgspec.Struct, frozen=True):
    """`history` leads to `version`, oldest first."""

    text: str
    version: int = 0
    history: tuple[Step, ...] = ()

    def since(self, version: int) -> tuple[Step, ...]:
        """The steps after `version`.

        Raises:
            StaleVersion: they are forgotten, or the version is not one of this text.
        """
        behind = self.version - version
        if not 0 <= behind <= len(self.history):
            raise StaleVersion(f"version {version} is not known any more; the text is at version {self.version}")
        return self.history[len(self.history) - behind :]

    def after(self, step: Step) -> "CellText":
        text = step.changes.apply(self.text)
        if len(text) > LONGEST_TEXT:
            raise EditRefused(f"the cell would be longer than {LONGEST_TEXT} characters; keep such data in a file")
        return CellText(text, self.version + 1, (*self.history[-HISTORY + 1 :], step))


class Document(msgspec.Struct, frozen=True):
    """Texts by cell. Texts of deleted cells stay, for the page that was still typing and for `RestoreCells`."""

    texts: Mapping[CellId, CellText]

    def text_of(self, cell: CellId) -> CellText:
        """The text of a cell.

        Raises:
            UnknownCell: there is none.
        """
        try:
            return self.texts[cell]
        except KeyError:
            raise UnknownCell(f"the notebook has no cell `{cell}`; it may have been deleted") from None

    def push(self, cell: CellId, version: int, updates: Sequence[Update]) -> tuple["Document", tuple[Step, ...]]:
        """Accept what a client did on the text at `version`. The steps are those that were new, as they were accepted.

        Raises:
            UnknownCell: there is no such text.
            StaleVersion: the version is too old, or from elsewhere.
            EditRefused: an update does not fit; then none is accepted.
        """
        text = self.text_of(cell)
        steps = [Step(update.client_id, ChangeSet.from_json(update.changes)) for update in updates]
        accepted = rebase_steps(steps, text.since(version))
        for step in accepted:
            text = text.after(step)
        return self.with_text(cell, text), tuple(accepted)

    def rewrite(self, cell: CellId, client: str, text: str) -> tuple["Document", tuple[Step, ...]]:
        """Make `text` the text of a cell by a step of `client`; no step when it is that already."""
        before = self.text_of(cell)
        if before.text == text:
            return self, ()
        step = Step(client, replace_text(before.text, text))
        return self.with_text(cell, before.after(step)), (step,)

    def with_new(self, texts: Mapping[CellId, str]) -> "Document":
        """With cells that begin with these texts."""
        return msgspec.structs.replace(
            self, texts={**self.texts, **{cell: CellText(text) for cell, text in texts.items()}}
        )

    def with_text(self, cell: CellId, text: CellText) -> "Document":
        return msgspec.structs.replace(self, texts={**self.texts, cell: text})


def rebase_steps(steps: Sequence[Step], over: Sequence[Step]) -> list[Step]:
    """Move a client's steps over those accepted since; the client's own among these are left out."""
    waiting = list(steps)
    for accepted in over:
        if waiting and waiting[0].client == accepted.client:
            waiting.pop(0)
            continue
        passing = accepted.changes
        for index, step in enumerate(waiting):
            waiting[index] = Step(step.client, map_changes(step.changes, passing))
            passing = map_changes(passing, step.changes, before=True)
    return waiting
