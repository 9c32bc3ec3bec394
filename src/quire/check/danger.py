"""Rules about what lets somebody else in: values pasted into SQL, and secrets in the file."""

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator

from quire.check.model import Finding, Rule
from quire.check.view import View

_QUERYING = frozenset({"sql", "execute", "executemany", "executescript", "read_sql", "read_sql_query", "query", "text"})
_CALL = re.compile(rf"\b(?:{'|'.join(sorted(_QUERYING))})\s*\(")
_SQL = re.compile(
    r"^\s*(?:--[^\n]*\n\s*)*(?:select\b.+\bfrom|insert\s+into|update\b.+\bset|delete\s+from|with\b.+\bas\s*\(|"
    r"create\s+(?:or\s+replace\s+)?(?:table|view)|drop\s+(?:table|view)|alter\s+table|copy|merge\s+into)\b",
    re.IGNORECASE | re.DOTALL,
)


def _pasted_sql(view: View) -> Iterator[Finding]:
    for cell, tree in view.trees(saying=_CALL):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _callee(node.func) in _QUERYING:
                query = node.args[0]
                # `qr.sql(f"… {table}")` is how one reads a frame there: only quotes around a value say that it is pasted.
                own = _is_own_sql(node.func)
                if _is_pasted(query, quoted_only=own):
                    message = "a value becomes part of this SQL text, so that whoever chooses the value can change the query; give it as a parameter"
                    yield view.at_node("QR009", message, cell, query)


def _callee(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_own_sql(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="qr" | "quire"), attr="sql"):
            return True
        case _:
            return False


def _is_pasted(node: ast.expr, *, quoted_only: bool) -> bool:
    match node:
        case ast.JoinedStr(values=parts):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in parts)
            pasted = "'\0" in text or '"\0' in text or ("\0" in text and not quoted_only)
            return pasted and _SQL.match(text) is not None
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            return _SQL.match(text) is not None
        case ast.BinOp(op=ast.Add()):
            leaves = list(_added(node))
            start = leaves[0]
            has_value = any(not isinstance(leaf, ast.Constant) for leaf in leaves)
            return (
                has_value
                and isinstance(start, ast.Constant)
                and isinstance(start.value, str)
                and _SQL.match(f"{start.value} from into set as(") is not None
            )
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str(text)))):
            return _SQL.match(text) is not None
        case _:
            return False


def _added(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _added(node.left)
        yield from _added(node.right)
    else:
        yield node


# -- secrets

_TOKENS = re.compile(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20,}|"
    r"sk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}|xox[abprs]-[A-Za-z0-9-]{20,}|AIza[A-Za-z0-9_-]{35}|hf_[A-Za-z0-9]{30,}|"
    r"[rs]k_live_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{50,}|dapi[0-9a-f]{32}|"
    r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
)
_URL_PASSWORD = re.compile(r"\w+://[^\s:/@{}]+:(?P<password>[^\s:/@{}]+)@")
_TELLING = re.compile(
    r"(?:^|_)(?:password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|private_?key)s?(?:$|_)", re.IGNORECASE
)
_HINT = re.compile(
    rf"{_TOKENS.pattern}|://|(?i:password|passwd|pwd|passphrase|secret|token|key)",
)
_PLACEHOLDER = re.compile(
    r"(?i)your|example|change_?me|placeholder|dummy|sample|test|xxx|\.\.\.|\*\*\*|todo|insert|replace|redacted|<.*>|\$\{|\{\{|^(?:password|secret|token|none|null|default|guest|admin|root|postgres|user)$"
)
_LEAST_ENTROPY = 3.0


def _secrets(view: View) -> Iterator[Finding]:
    for cell, tree in view.trees(saying=_HINT):
        named = {id(value): name for name, value in _named_texts(tree)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or len(node.value) > 10_000:
                continue
            what = _secret_in(node.value, named.get(id(node), ""))
            if what:
                message = f"this looks like {what}, and everybody who gets the file gets it too; read it from the environment, and replace it where it is valid"
                yield view.at_node("QR010", message, cell, node)


def _secret_in(text: str, name: str) -> str:
    """What the text seems to be; empty when it is nothing of the kind."""
    found = _TOKENS.search(text)
    if found and not _PLACEHOLDER.search(found.group()) and _entropy(found.group()) >= _LEAST_ENTROPY:
        return "a private key" if "PRIVATE KEY" in found.group() else "an access token"
    address = _URL_PASSWORD.search(text)
    if address and not _PLACEHOLDER.search(address["password"]) and len(address["password"]) >= 6:
        return "an address with a password"
    if _TELLING.search(name) and len(text) >= 8 and not re.search(r"[\s/]", text) and not _PLACEHOLDER.search(text):
        mixed = sum(bool(re.search(kind, text)) for kind in ("[a-z]", "[A-Z]", "[0-9]", r"[^\w]"))
        if mixed >= 2 and _entropy(text) >= _LEAST_ENTROPY and not re.fullmatch(r"[A-Za-z]+(?:[_.-][A-Za-z]+)+", text):
            return "a secret"
    return ""


def _named_texts(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What texts are called: by assignment, as an argument, as a key."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((_name_of(target), value) for target in targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield _name_of(target), value
            case ast.keyword(arg=str(name), value=value):
                yield name, value
            case ast.Dict(keys=keys, values=values):
                yield from (
                    (key.value, value)
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                )
            case _:
                pass


def _name_of(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case _:
            return ""


def _entropy(text: str) -> float:
    """Bits for each character, by how often each occurs."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


RULES = (Rule("QR009", "pasted-sql", _pasted_sql), Rule("QR010", "secret", _secrets))
