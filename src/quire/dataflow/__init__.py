"""The graph of a notebook: who defines what, who reads it, what must run in which order, and what cannot run. Pure.

Names are resolved lazily (PEP 562): a script needs the graph, but not the views and fixes that an editor shows.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.dataflow.describe import describe_graph, find_duplicate_names, view_problem
    from quire.dataflow.fixes import fix_problem
    from quire.dataflow.graph import Graph, Source, build_graph
    from quire.dataflow.planning import Plan, plan
    from quire.dataflow.problems import (
        Cycle,
        DefinedTwice,
        DuplicateName,
        OutsideCell,
        Problem,
        SetupReads,
        StarImport,
        SyntaxProblem,
    )
    from quire.names import Names, names_of

__all__ = [
    "Cycle",
    "DefinedTwice",
    "DuplicateName",
    "Graph",
    "Names",
    "OutsideCell",
    "Plan",
    "Problem",
    "SetupReads",
    "Source",
    "StarImport",
    "SyntaxProblem",
    "build_graph",
    "describe_graph",
    "find_duplicate_names",
    "fix_problem",
    "names_of",
    "plan",
    "view_problem",
]

_HOME = {
    "Cycle": "quire.dataflow.problems",
    "DefinedTwice": "quire.dataflow.problems",
    "DuplicateName": "quire.dataflow.problems",
    "OutsideCell": "quire.dataflow.problems",
    "Problem": "quire.dataflow.problems",
    "SetupReads": "quire.dataflow.problems",
    "StarImport": "quire.dataflow.problems",
    "SyntaxProblem": "quire.dataflow.problems",
    "Graph": "quire.dataflow.graph",
    "Source": "quire.dataflow.graph",
    "build_graph": "quire.dataflow.graph",
    "Plan": "quire.dataflow.planning",
    "plan": "quire.dataflow.planning",
    "describe_graph": "quire.dataflow.describe",
    "find_duplicate_names": "quire.dataflow.describe",
    "view_problem": "quire.dataflow.describe",
    "fix_problem": "quire.dataflow.fixes",
    "Names": "quire.names.model",
    "names_of": "quire.names.analysis",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(__import__(_HOME[name], fromlist=[name]), name)
    return value
