"""Questions beside the cells: in a thread, in the fake kernel, and in a real process while it computes."""

import threading

from quire.ids import CellId
from quire.kernel.aside import Aside
from quire.kernel.engine import Engine
from quire.kernel.interrupts import NoInterrupts
from quire.protocol.kernel import (
    AskKernel,
    CellSource,
    ListVariables,
    QuestionAnswered,
    RunKernelCells,
    SyncCells,
    VariablesListed,
)
from quire.protocol.messages import CodeAnswer, Completion
from quire.protocol.notices import CellFinished

from .processes import Notebook, with_kernel


def question(number: int, code: str, *, asker: str = "page", cell: str = "a", about="completions") -> AskKernel:
    return AskKernel(question=number, asker=asker, cell=CellId(cell), about=about, code=code, line=1, column=len(code))


def test_a_newer_question_replaces_one_that_waits_and_each_asker_has_its_own():
    """The first is being answered while the others come."""
    begun, go_on, told = threading.Event(), threading.Event(), []
    done = threading.Event()

    def answer(asked):
        begun.set()
        go_on.wait()
        return QuestionAnswered(question=asked.question, answer=CodeAnswer())

    def tell(notice):
        told.append(notice.question)
        if len(told) == 3:
            done.set()

    aside = Aside(answer, tell)
    aside.ask(question(1, "a"))
    begun.wait()
    aside.ask(question(2, "ab"))
    aside.ask(question(3, "x", asker="other"))
    aside.ask(question(4, "abc"))
    go_on.set()

    assert done.wait(30)
    assert told == [1, 4, 3]


def test_a_question_that_cannot_be_answered_is_answered_with_nothing():
    told, done = [], threading.Event()

    def answer(asked):
        raise RecursionError

    def tell(notice):
        told.append(notice)
        done.set()

    aside = Aside(answer, tell)
    aside.ask(ListVariables())
    aside.ask(question(7, "a"))

    assert done.wait(30)
    assert told == [QuestionAnswered(question=7, answer=CodeAnswer())]


def engine_with(*codes: str) -> Engine:
    engine = Engine({"__name__": "__main__"}, lambda notice: None, interrupts=NoInterrupts())
    sources = [
        CellSource(id=CellId(name), type="cell", name="_", code=code, line=10 * number + 1)
        for number, (name, code) in enumerate(zip("abcd", codes, strict=False))
    ]
    order = [source.id for source in sources]
    engine.obey(SyncCells(order=order, changed=sources))
    engine.obey(RunKernelCells(cells=order))
    while engine.step():
        pass
    return engine


def labels(notice) -> list[str]:
    return [completion.label for completion in notice.answer.completions]


def test_scratch_names_complete_in_their_own_cell_only():
    engine = engine_with("for item in ['text']: pass", "for item in [3]: pass")

    assert "startswith" in labels(engine.answer(question(1, "item.st")))
    assert "bit_length" in labels(engine.answer(question(2, "item.bit", cell="b")))


def test_names_that_run_under_another_name_complete_under_their_own():
    engine = engine_with("total = 'x'\ndef f(): return total", "total = 2\ndef g(): return total")

    assert "startswith" in labels(engine.answer(question(1, "total.st")))
    assert not [name for name in labels(engine.answer(question(2, "_qu"))) if name.startswith("_quire")]


def test_variables_are_listed_with_their_cells():
    engine = engine_with("import os\nx = [1]", "y = x", "import os\nz = os.sep", "_own = 1\nfor i in range(3): pass")
    listed = engine.answer(ListVariables())

    assert isinstance(listed, VariablesListed)
    assert [(v.name, v.type, v.cells, v.readers) for v in listed.variables] == [
        ("os", "module", ["a", "c"], []),
        ("x", "list", ["a"], ["b"]),
        ("y", "list", ["b"], []),
        ("z", "str", ["c"], []),
        ("i", "int", ["d"], []),
    ]
    assert [v.value for v in listed.variables[1:]] == ["[1]", "[1]", "'/'", "2"]


def test_a_busy_kernel_answers(tmp_path):
    """The cell only ends when it is told to, after the answers have come."""
    flag = tmp_path / "go-on"
    busy = f"import os\nwhile not os.path.exists({str(flag)!r}):\n    sum(range(1000))"

    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        notebook.ask("b")
        await notebook.until(lambda: notebook.started("b"))
        notebook.kernel.send(question(1, "word.star"), ListVariables())
        await notebook.until(lambda: any(isinstance(one, QuestionAnswered) for one in notebook.notices))
        await notebook.until(lambda: any(isinstance(one, VariablesListed) for one in notebook.notices))
        assert not notebook.finished("b")
        flag.touch()
        await notebook.until(lambda: notebook.finished("b"))
        assert [n.outcome for n in notebook.notices if isinstance(n, CellFinished)] == ["succeeded", "succeeded"]
        answer = next(n.answer for n in notebook.notices if isinstance(n, QuestionAnswered))
        assert answer.completions == [Completion(label="startswith", type="function")]
        variables = next(n.variables for n in notebook.notices if isinstance(n, VariablesListed))
        assert [(variable.name, variable.value) for variable in variables] == [("word", "'hello'")]

    with_kernel(tmp_path / "notebook.py", story, a="word = 'hello'", b=busy)


def test_a_kernel_that_nobody_asked_has_not_imported_the_analysis(tmp_path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        output = notebook.output("a")
        assert output is not None
        assert output.text == "False"

    with_kernel(tmp_path / "notebook.py", story, a="import sys\n'jedi' in sys.modules")
