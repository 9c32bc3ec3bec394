"""Requirements in a header: read, added, taken away, and what is refused because it is none."""

import pytest

from quire.errors import BadRequirement
from quire.notebook.header import read_metadata, write_metadata
from quire.packages.requirements import (
    canonical,
    python_fits,
    read_requirement,
    requirements_of,
    with_requirement,
    without_requirement,
)


def test_a_requirement_has_parts():
    found = read_requirement(" Polars[excel, sql] >=1.0, <2 ; python_version < '3.13' ")

    assert (found.name, found.key, found.extras) == ("Polars", "polars", ("excel", "sql"))
    assert (found.version, found.marker) == (">=1.0, <2", "python_version < '3.13'")
    assert read_requirement("quire @ file:///a/b.whl").url == "file:///a/b.whl"
    assert canonical("Ruamel.Yaml__x") == "ruamel-yaml-x"


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://evil.example",
        "-e .",
        "-r file",
        "a; import os",
        "a\n--index-url x",
        "a b",
        "a && b",
        "$(a)",
        "../folder",
        "/etc",
        "",
        "a @ -x",
        "a>=1 --pre",
        "a[x] -U",
        "a" * 501,
    ],
)
def test_S31_what_is_no_requirement_never_reaches_the_installer(text: str):
    with pytest.raises(BadRequirement, match="is not the name of a package"):
        read_requirement(text)


def test_a_package_is_added_once_and_keeps_what_was_written_of_it():
    metadata = {"dependencies": ["numpy", "Polars[excel]>=1; sys_platform != 'win32'"]}

    assert with_requirement(metadata, "scipy") == ["numpy", "Polars[excel]>=1; sys_platform != 'win32'", "scipy"]
    assert with_requirement(metadata, "polars") == metadata["dependencies"]
    assert with_requirement(metadata, "polars[sql]==2") == [
        "numpy",
        "Polars[excel,sql]==2; sys_platform != 'win32'",
    ]
    assert with_requirement(metadata, "numpy>=2") == ["numpy>=2", metadata["dependencies"][1]]
    assert with_requirement(metadata, "numpy @ https://x.example/n.whl")[0] == "numpy @ https://x.example/n.whl"
    assert with_requirement({}, "numpy") == ["numpy"]


def test_one_name_for_two_systems_stays_two():
    listed = ["torch; sys_platform == 'linux'", "torch<2; sys_platform == 'darwin'"]

    assert with_requirement({"dependencies": listed}, "torch>=3; sys_platform == 'darwin'") == [
        listed[0],
        "torch>=3; sys_platform == 'darwin'",
    ]
    assert without_requirement({"dependencies": listed}, "Torch") == []


def test_a_dependency_that_cannot_be_read_is_told_and_never_removed():
    assert without_requirement({"dependencies": ["-r x", "a"]}, "a") == ["-r x"]
    with pytest.raises(BadRequirement):
        requirements_of({"dependencies": ["-r x"]})
    with pytest.raises(BadRequirement, match="not a list of texts"):
        requirements_of({"dependencies": "numpy"})


def test_comments_in_the_header_survive():
    header = '# /// script\n# dependencies = [\n#   "numpy", # for arrays\n#   "scipy",\n# ]\n# ///\n'
    listed = with_requirement(read_metadata(header), "polars>=1")

    changed = write_metadata(header, {"dependencies": without_requirement({"dependencies": listed}, "scipy")})

    assert read_metadata(changed) == {"dependencies": ["numpy", "polars>=1"]}
    assert "# for arrays" in changed


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ("", True),
        (">=3.11", True),
        (">=3.12", False),
        (">=3.11,<3.12", True),
        ("<3.11", False),
        ("==3.11.*", True),
        ("==3.12.*", False),
        ("~=3.11", True),
        ("~=3.10", True),
        ("~=3.11.5", True),
        ("~=3.11.9", False),
        ("!=3.11.*", False),
        ("==3.11.7", True),
        (">3.11.7", False),
        ("<=3.11.7", True),
        ("whatever", True),
    ],
)
def test_whether_a_python_is_one_that_the_header_lets_in(wanted: str, *, fits: bool):
    assert python_fits(wanted, (3, 11, 7)) == fits
