"""The house rules, executed: layers, sizes, docstrings, and what README must cover. Settings: tests/test_docs.py."""

from __future__ import annotations

import ast
import gc
import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "monitor"
FUNCTION_LINES_MAX = 45
MODULE_LINES_MAX = 400

# Row of each top-level module of the package; a module imports only from rows above it, or its own package.
ROWS = {
    "deferred": 0, "model": 0, "errors": 0, "data": 0, "core": 1, "ports": 2, "pipeline": 3,
    "net": 4, "stores": 4, "channels": 4, "engines": 4, "parser": 4, "config": 4, "log": 4, "metrics": 4,
    "runtime": 5, "operations": 5, "app": 6, "web": 7, "serve": 8, "cli": 9,
    "__main__": 11,
}  # fmt: skip
# Row 4 modules know the rows 0-2 and never each other, nor the pipeline; row 5 is handed what it uses.
SEEN_BY_ROW_4 = {0, 1, 2}
SEEN_BY_ROW_5 = {0, 1, 2, 3}
# net may be the only door: nobody else opens sockets or speaks HTTP or SMTP.
DOORS = {
    "httpx": {"net", "channels", "app"}, "httpcore": {"net"}, "socket": {"net", "channels", "serve"},
    "aiosmtplib": {"channels"}, "sqlite3": {"stores"}, "sqlite_utils": {"stores"}, "psycopg": {"stores", "engines"},
    "procrastinate": {"engines"},
    "apscheduler": {"engines"}, "requests": set(), "urllib.request": set(),
}  # fmt: skip
# One name for one thing, wherever it is met: a noun of the model and who decides about it or keeps it; a verb and its
# skin; the same question asked of something else (dates of a text and of a feed, the guard at both doors).
SAME_THING = {
    "__init__.py", "alerts.py", "backfill.py", "codec.py", "control.py", "dates.py", "entries.py", "errors.py",
    "guard.py", "header_limits.py", "pages.py", "reports.py", "search.py", "serve.py", "setup.py", "sources.py",
    "urls.py", "words.py", "workers.py",
}  # fmt: skip
# Nouns that end like gerunds, and the verbs of the command line under their own names.
NOUNS_IN_ING = {
    "content_encoding",
    "drawing",
    "exporting",
    "polling",
    "replaying",
    "routing",
    "scoring",
    "searching",
    "spelling",
    "wording",
}
PURE_FORBIDDEN = {
    "os", "io", "socket", "sqlite3", "logging", "random", "secrets", "subprocess", "asyncio", "threading", "httpx",
    "time", "pathlib", "tempfile", "structlog",
}  # fmt: skip
PURE_ALLOWED = {("core/documents/feeds/rss_atom.py", "io")}


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the package: path relative to it, and its tree."""
    gc.collect()  # a finalizer that complains while a tree is built makes CPython 3.11 fail (gh-106905)
    return tuple(
        (str(path.relative_to(PACKAGE)), ast.parse(path.read_text("utf-8"))) for path in sorted(PACKAGE.rglob("*.py"))
    )


def top_of(path: str) -> str:
    """The top-level module that a file belongs to: "core/text.py" -> "core", "app.py" -> "app"."""
    return path.split("/")[0].removesuffix(".py")


def imports_of(tree: ast.Module) -> list[str]:
    """Every module imported anywhere in a tree, also under TYPE_CHECKING and inside functions."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the layer"
            found += [f"{node.module}.{name.name}" for name in node.names]
    return found


def test_every_module_has_a_row() -> None:
    unknown = {top_of(path) for path, _ in modules()} - set(ROWS) - {"__init__"}
    assert not unknown, f"give these a row in the layers: {unknown}"


def test_modules_import_only_from_rows_above() -> None:
    breaches = []
    for path, tree in modules():
        mine = top_of(path)
        if mine == "__init__":
            continue
        for name in imports_of(tree):
            parts = name.split(".")
            if parts[0] != "monitor" or len(parts) < 2 or parts[1] not in ROWS or parts[1] == mine:
                continue
            row, theirs = ROWS[mine], ROWS[parts[1]]
            allowed = theirs < row
            if row == 4:
                allowed = theirs in SEEN_BY_ROW_4
            if row == 5:
                allowed = theirs in SEEN_BY_ROW_5 or parts[1] == "runtime"
            if not allowed:
                breaches.append(f"{path} imports {name}")
    assert not breaches, breaches


def test_core_is_pure() -> None:
    breaches = [
        f"{path} imports {name}"
        for path, tree in modules()
        if top_of(path) == "core"
        for name in imports_of(tree)
        if name.split(".")[0] in PURE_FORBIDDEN and (path, name.split(".")[0]) not in PURE_ALLOWED
    ]
    assert not breaches, breaches


def test_only_doors_open_doors() -> None:
    breaches = [
        f"{path} imports {name}"
        for path, tree in modules()
        for name in imports_of(tree)
        for door, allowed in DOORS.items()
        if (name == door or name.startswith(door + ".")) and top_of(path) not in allowed
    ]
    assert not breaches, breaches


def test_functions_stay_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert not long, long


def test_modules_stay_short() -> None:
    sizes = {path: len((PACKAGE / path).read_text("utf-8").splitlines()) for path, _ in modules()}
    assert not {path: size for path, size in sizes.items() if size > MODULE_LINES_MAX}


def test_public_names_have_docstrings() -> None:
    """A Protocol's verb has its docstring there, once: who keeps the promise says only what is peculiar to it."""
    bare = []
    for path, tree in modules():
        verbs = promised(path)
        if not ast.get_docstring(tree):
            bare.append(f"{path}: the module")
        for node in tree.body:
            bare += [f"{path}:{line} {name}" for line, name in _undocumented(node, set(verbs))]
            for verb in node.body if isinstance(node, ast.ClassDef) and not _is_protocol(node) else ():
                if isinstance(verb, FUNCTIONS) and ast.get_docstring(verb) in verbs.get(verb.name, ()):
                    bare.append(f"{path}:{verb.lineno} {node.name}.{verb.name} repeats what the Protocol says")
    assert not bare, bare


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def promised(path: str) -> dict[str, set[str]]:
    """What is said of each verb of the Protocols that a module may keep: those of `ports`, those of its package."""
    found: dict[str, set[str]] = {}
    for other, tree in modules():
        if top_of(other) in ("ports", top_of(path)):
            for node in tree.body:
                for verb in node.body if isinstance(node, ast.ClassDef) and _is_protocol(node) else ():
                    if isinstance(verb, FUNCTIONS):
                        found.setdefault(verb.name, set()).add(ast.get_docstring(verb) or "")
    return found


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(ast.unparse(each) == "Protocol" for each in node.bases)


def _undocumented(node: ast.stmt, promised: set[str]) -> list[tuple[int, str]]:
    if not isinstance(node, (*FUNCTIONS, ast.ClassDef)) or node.name.startswith("_"):
        return []
    found = [] if ast.get_docstring(node) else [(node.lineno, node.name)]
    inside = node.body if isinstance(node, ast.ClassDef) else []
    kept = set() if isinstance(node, ast.ClassDef) and _is_protocol(node) else promised
    return found + [
        (inner.lineno, f"{node.name}.{inner.name}")
        for inner in inside
        if isinstance(inner, FUNCTIONS)
        and (not inner.name.startswith("_") or inner.name == "__call__")
        and inner.name not in kept
        and not ast.get_docstring(inner)
    ]


def test_no_vague_module_names() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
    assert not [path for path, _ in modules() if Path(path).stem in vague]


def test_readme_names_every_verb() -> None:
    from monitor.cli import verbs

    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [verb for verb in verbs() if not re.search(rf"`?monitor {verb}\b", readme)]


def test_architecture_stays_within_150_lines() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 150


def test_architecture_names_every_dependency() -> None:
    said = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("## Dependencies")[2].lower()
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = [re.split(r"[<>=!~\[ ]", line)[0] for line in wanted]
    assert not [name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", said)]


def test_locks_name_no_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert not re.search(r"https?://|index-url", lock.read_text("utf-8")), lock.name


def test_architecture_names_only_files_that_are_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(
        re.findall(r"`((?:core|net|stores|pipeline|runtime|channels|parser|web|cli|model|data)/[\w/.-]*)`", text)
    )
    assert not [name for name in named if not (PACKAGE / name).exists()]


def test_a_file_name_says_one_thing() -> None:
    """A name is used once, but where it is the same thing that is met again."""
    names: dict[str, list[str]] = {}
    for path, _ in modules():
        names.setdefault(Path(path).name, []).append(path)
    twice = {name: paths for name, paths in names.items() if len(paths) > 1 and name not in SAME_THING}
    assert not twice


def test_no_module_is_named_by_what_somebody_does() -> None:
    gerunds = [path for path, _ in modules() if Path(path).stem.endswith("ing") and Path(path).stem not in NOUNS_IN_ING]
    assert not gerunds


def test_every_limit_says_what_it_is() -> None:
    """A number that has a name has a comment beside or above it: its unit, why it is so, and where it was set."""
    bare = []
    for path, tree in modules():
        lines = (PACKAGE / path).read_text("utf-8").splitlines()
        for node in tree.body:
            if not isinstance(node, ast.Assign) or not _is_limit(node):
                continue
            beside, above = lines[node.lineno - 1], lines[node.lineno - 2]
            if "#" not in beside and not above.startswith("#"):
                bare.append(f"{path}:{node.lineno} {ast.unparse(node.targets[0])}")
    assert not bare


def _is_limit(node: ast.Assign) -> bool:
    name = re.sub(r"[_,() ]", "", ast.unparse(node.targets[0]))
    return name.isupper() and _is_number(node.value)


def _is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, int | float) and not isinstance(value.value, bool)
    if isinstance(value, ast.BinOp):
        return _is_number(value.left) and _is_number(value.right)
    if isinstance(value, ast.UnaryOp):
        return _is_number(value.operand)
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(map(_is_number, value.elts))
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "timedelta"


def test_imports_go_in_no_circle() -> None:
    """Within a package too, and under TYPE_CHECKING: what two modules need of each other belongs into a third."""
    names = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path, _ in modules()}
    graph: dict[str, set[str]] = {name: set() for name in names}
    for path, tree in modules():
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for imported in _at_import(tree):
            target = imported.removeprefix("monitor.")
            while target and target not in names:
                target = target.rpartition(".")[0]
            if target and target != name:
                graph[name].add(target)
    circles = [component for component in _components(graph) if len(component) > 1]
    assert not circles


def _at_import(tree: ast.Module) -> list[str]:
    """What is imported when the module is: imports inside functions wait until they are called."""
    found = []
    for node in ast.walk(ast.Module([n for n in tree.body if not isinstance(n, ast.FunctionDef | ast.ClassDef)], [])):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.startswith("monitor.")]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("monitor"):
            found += [f"{node.module}.{name.name}" for name in node.names]
    return found


def _components(graph: dict[str, set[str]]) -> list[list[str]]:
    """Strongly connected components (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            component = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            found.append(component)

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found
