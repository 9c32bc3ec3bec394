"""Which distribution brings a module that is missing."""

import sys

import pytest

from quire.packages.names import DISTRIBUTIONS, distribution_of, import_names
from quire.packages.requirements import read_requirement


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("sklearn", "scikit-learn"),
        ("sklearn.linear_model", "scikit-learn"),
        ("cv2", "opencv-python"),
        ("PIL.Image", "pillow"),
        ("yaml", "PyYAML"),
        ("bs4", "beautifulsoup4"),
        ("skimage", "scikit-image"),
        ("dotenv", "python-dotenv"),
        ("google.cloud.bigquery", "google-cloud-bigquery"),
        ("polars", "polars"),
        ("polars.io.excel", "polars"),
        ("some_package", "some-package"),
    ],
)
def test_a_module_has_the_distribution_that_people_mean(module: str, distribution: str):
    assert distribution_of(module) == distribution


@pytest.mark.parametrize(
    "module", ["tkinter", "os.path", "google", "google.cloud", "quire", "_private", "..x", "a b", "é"]
)
def test_nothing_is_offered_where_nobody_can_tell(module: str):
    assert distribution_of(module) is None


def test_what_is_installed_knows_better_than_the_table():
    assert distribution_of("yaml", {"yaml": ["ruyaml", "Ruyaml"]}) == "ruyaml"
    assert distribution_of("yaml", {"yaml": ["a", "b"]}) == "PyYAML"


def test_the_table_has_only_names_that_can_be_installed_and_none_of_python_itself():
    for module, name in DISTRIBUTIONS.items():
        assert read_requirement(name).name == name
        assert module.partition(".")[0] not in sys.stdlib_module_names


def test_a_distribution_knows_its_modules():
    assert import_names("Scikit_Learn") == {"sklearn"}
    assert import_names("pywin32") == {"pythoncom", "pywintypes", "win32api", "win32com"}
    assert import_names("polars") == frozenset()
