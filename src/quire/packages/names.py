"""From the name that a program imports to the name that an index knows: `sklearn` → scikit-learn. Pure.

Most packages are imported by the name they are installed by; the table has those that people meet and that are not.
"""

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from quire.packages.requirements import canonical

DISTRIBUTIONS: Mapping[str, str] = MappingProxyType(
    {
        "AppKit": "pyobjc-framework-Cocoa",
        "Bio": "biopython",
        "Crypto": "pycryptodome",
        "Cryptodome": "pycryptodomex",
        "Foundation": "pyobjc-framework-Cocoa",
        "MySQLdb": "mysqlclient",
        "OpenGL": "PyOpenGL",
        "OpenSSL": "pyopenssl",
        "PIL": "pillow",
        "Xlib": "python-xlib",
        "_cffi_backend": "cffi",
        "attr": "attrs",
        "bs4": "beautifulsoup4",
        "cairo": "pycairo",
        "cv2": "opencv-python",
        "dateutil": "python-dateutil",
        "discord": "discord.py",
        "django_filters": "django-filter",
        "docx": "python-docx",
        "dotenv": "python-dotenv",
        "editor": "python-editor",
        "faiss": "faiss-cpu",
        "fitz": "pymupdf",
        "git": "GitPython",
        "github": "PyGithub",
        "gitlab": "python-gitlab",
        "gi": "PyGObject",
        "google.auth": "google-auth",
        "google.cloud.bigquery": "google-cloud-bigquery",
        "google.cloud.storage": "google-cloud-storage",
        "google.genai": "google-genai",
        "google.generativeai": "google-generativeai",
        "google.oauth2": "google-auth",
        "google.protobuf": "protobuf",
        "googleapiclient": "google-api-python-client",
        "grpc": "grpcio",
        "haystack": "haystack-ai",
        "imblearn": "imbalanced-learn",
        "jose": "python-jose",
        "jwt": "PyJWT",
        "kafka": "kafka-python",
        "ldap": "python-ldap",
        "magic": "python-magic",
        "markdown_it": "markdown-it-py",
        "memcache": "python-memcached",
        "mpl_toolkits": "matplotlib",
        "multipart": "python-multipart",
        "mysql.connector": "mysql-connector-python",
        "nacl": "PyNaCl",
        "nmap": "python-nmap",
        "odf": "odfpy",
        "osgeo": "GDAL",
        "pkg_resources": "setuptools",
        "playhouse": "peewee",
        "pptx": "python-pptx",
        "psycopg2": "psycopg2-binary",
        "pylab": "matplotlib",
        "pynvml": "nvidia-ml-py",
        "pythoncom": "pywin32",
        "pywintypes": "pywin32",
        "pyximport": "cython",
        "rest_framework": "djangorestframework",
        "ruamel": "ruamel.yaml",
        "serial": "pyserial",
        "skimage": "scikit-image",
        "sklearn": "scikit-learn",
        "sksurv": "scikit-survival",
        "slugify": "python-slugify",
        "snowflake.connector": "snowflake-connector-python",
        "snowflake.snowpark": "snowflake-snowpark-python",
        "socks": "PySocks",
        "speech_recognition": "SpeechRecognition",
        "telegram": "python-telegram-bot",
        "tlz": "toolz",
        "umap": "umap-learn",
        "usb": "pyusb",
        "uwsgidecorators": "uWSGI",
        "vlc": "python-vlc",
        "websocket": "websocket-client",
        "win32api": "pywin32",
        "win32com": "pywin32",
        "wx": "wxPython",
        "xdist": "pytest-xdist",
        "yaml": "PyYAML",
        "zmq": "pyzmq",
    }
)

_NEVER = frozenset({"__main__", "google", "google.cloud", "mysql", "snowflake", "quire"})
"""Shared by many distributions, or ours: nobody can tell from the name what is wanted."""


def distribution_of(module: str, installed: Mapping[str, Sequence[str]] = MappingProxyType({})) -> str | None:
    """What to install so that `import module` works; None where there is nothing to install, or no way to tell.

    `module` may have dots. `installed` says which distributions bring a top-level module, where that is known
    (`importlib.metadata.packages_distributions`). A module of the standard library is never offered: where it is missing,
    Python itself was built without it.
    """
    top = module.partition(".")[0]
    if not all(part.isidentifier() for part in module.split(".")) or top in sys.stdlib_module_names:
        return None
    if len(found := {canonical(name) for name in installed.get(top, ())}) == 1:
        return found.pop()
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in DISTRIBUTIONS:
            return DISTRIBUTIONS[name]
        if name in _NEVER:
            return None
    # An index takes letters, digits and `-_.`; names of modules that begin with an underscore are nobody's package.
    return top.replace("_", "-") if top.isascii() and not top.startswith("_") else None


def import_names(distribution: str) -> frozenset[str]:
    """Top-level modules that the distribution is known to bring, where they have another name than it has."""
    wanted = canonical(distribution)
    return frozenset(module for module, name in DISTRIBUTIONS.items() if canonical(name) == wanted)
