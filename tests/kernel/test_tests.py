"""Which definitions of a cell are tests, by its text alone."""

from quire.kernel.tests import NO_TESTS, find_tests


def test_functions_and_classes_by_the_names_pytest_uses():
    code = (
        "def helper(): ...\n\ndef test_a(): ...\n\nclass TestB:\n    def test_c(self): ...\n\nasync def test_d(): ..."
    )

    assert find_tests(code).tests == {"test_a": 3, "TestB": 5, "test_d": 8}


def test_a_value_is_no_test_whatever_it_is_called():
    assert find_tests("test_data = load()\ntesting = [x for x in test_data]") is NO_TESTS


def test_unittest_classes_by_their_base():
    assert find_tests("class Sums(unittest.TestCase): ...").tests == {"Sums": 1}


def test_definitions_inside_of_a_condition_or_a_try():
    code = "if wanted:\n    def test_a(): ...\ntry:\n    import x\nexcept ImportError:\n    def test_b(): ..."

    assert find_tests(code).tests == {"test_a": 2, "test_b": 6}


def test_a_function_inside_of_a_function_is_no_test():
    assert find_tests("def outer():\n    def test_a(): ...") is NO_TESTS


def test_names_can_be_configured():
    found = find_tests("def check_a(): ...\ndef test_b(): ...", lambda name: name.startswith("check"))

    assert found.tests == {"check_a": 1}


def test_fixtures_by_the_name_tests_ask_for():
    code = """\
@pytest.fixture
def one(): ...

@fixture(name="second", autouse=True)
def _two(request): ...
"""
    found = find_tests(code)

    assert found.fixtures == {"one": "one", "second": "_two"}
    assert found.is_autouse
    assert not found.tests


def test_what_may_be_asked_for_are_arguments_and_texts():
    found = find_tests('@pytest.mark.usefixtures("clean")\ndef test_a(database): ...')

    assert {"clean", "database"} <= found.asks


def test_bodies_of_tests_and_fixtures_are_read_late_and_everything_else_early():
    code = """\
total = sum(values)

def helper(): return by_helper

@pytest.mark.parametrize("x", cases)
def test_a(x, y=default): assert in_test

@pytest.fixture(params=options)
def one(): return in_fixture

class TestB(Base):
    limit = in_class
    def test_c(self): assert in_method
"""
    early = find_tests(code).early

    assert {"values", "by_helper", "cases", "default", "options", "Base", "in_class"} <= early
    assert early.isdisjoint({"in_test", "in_fixture", "in_method"})


def test_tests_in_a_cell_that_python_cannot_read_are_not_lost():
    assert find_tests("def test_a(:\n    pass").tests == {"test_a": 1}
