"""Every exception that Quire raises itself. Problems of the user's notebook are data, not exceptions.

QuireError
├── NotANotebook        the text is not a Quire notebook, and nobody should rewrite it
├── BadMetadata         script metadata (PEP 723) that cannot be read
├── BadRequirement      a text that is no requirement of a package (PEP 508)
├── NotInstalled        packages that could not be installed, or an environment not made; nothing was changed
├── EditRefused         an edit that would break a law of the file
├── ConversionRefused   a file that is no notebook of any format we read, or of another language
├── UnknownCell         a cell id that the notebook does not have
├── NotebookProblems    a script whose cells cannot run (two definers, a cycle, …); nothing has run
├── UnknownName         an override or argument that no cell defines or reads
├── IncompleteValues    values that replace a cell, but not all that it defines
├── StaleVersion        an update against a version that the document no longer remembers
├── SaveConflict        somebody else changed the file; both texts are kept
├── NotInWorkspace      a path from outside that leads out of the folder that is served, or to what is never served
├── SettingRefused      a setting that there is not, that cannot have this value, or that cannot be written down
├── TooLate             what a page asks for was there and is no more: a cell that waits, a failure to look into
├── FullHouse           as many visitors of apps as there may be have their pages open
├── OtherQuire          an interpreter that has no Quire, or another version than the one that would use it
└── KernelGone          the kernel's process ended

StopError (beside the tree, and no `Exception`: `except Exception` in a cell must not catch it)
"""


class QuireError(Exception):
    """Root of the tree. The message names the thing, says what happened, then what to do."""


class NotANotebook(QuireError):
    """The text is not a Quire notebook."""


class BadMetadata(QuireError):
    """The script metadata in a notebook's header cannot be read; it was not changed."""


class BadRequirement(QuireError, ValueError):
    """The text is not a requirement of a package; nothing was installed."""


class NotInstalled(QuireError):
    """Packages could not be installed, or an environment could not be made; what was there is as it was."""

    def __init__(self, what: str, words: str = "") -> None:
        super().__init__(f"{what}:\n{words}" if words else what)
        self.what = what
        """One line."""
        self.words = words
        """The installer's own, which whoever listened to it has read."""


class EditRefused(QuireError):
    """The edit would break a law of the file; nothing was changed."""


class ConversionRefused(QuireError):
    """The file is in no format that can be read, or its cells are of another language."""


class UnknownCell(QuireError, LookupError):
    """No cell of the notebook has this id."""


class NotebookProblems(QuireError):
    """The notebook cannot run as a whole; the message lists every problem."""


class UnknownName(QuireError, ValueError):
    """An override or an argument names something that the cell does not read or the notebook not define."""


class IncompleteValues(QuireError, ValueError):
    """Values were given for some names of a cell, which does not run then; those for its other names are missing."""


class StaleVersion(QuireError):
    """The update is based on a version that the document no longer remembers."""


class SaveConflict(QuireError):
    """The file changed on disk while there were unsaved edits here; both texts are kept."""


class NotInWorkspace(QuireError, ValueError):
    """The path does not lead to a place in the folder that is served."""


class SettingRefused(QuireError):
    """The setting was not changed; the message says why not."""


class TooLate(QuireError):
    """What was asked for is not there any more: somebody was faster, or it has ended."""


class FullHouse(QuireError):
    """As many visitors as there may be have their pages open; somebody has to leave first."""


class OtherQuire(QuireError):
    """The interpreter cannot be a kernel's: its Quire is another one, or there is none."""


class KernelGone(QuireError):
    """The kernel's process ended while it was needed."""


class StopError(BaseException):
    """What `qr.stop` raises: the cell ends here, without having failed, and shows `output`."""

    def __init__(self, output: object = None) -> None:
        super().__init__("the cell was stopped by `qr.stop`")
        self.output = output
