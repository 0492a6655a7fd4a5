#!/usr/bin/env python3
"""Fails if a source, setting or page names a page of docs/ that is not there.

Usage: check_docs.py ROOT
"""
import pathlib
import re
import sys

FOLDERS = ["messages", "config", "services", "actors", "sim", "nodes", "tests", "deploy", "docs", "cmake"]
KINDS = {".cpp", ".hpp", ".lua", ".sql", ".js", ".html", ".toml", ".md", ".sh", ".py", ".mjs", ".txt", ""}
NAMED = re.compile(r"docs/([\w.-]+\.md)")
LINKED = re.compile(r"\]\(([\w./-]+\.md)(?:#[\w-]*)?\)")


def files(root):
    yield from root.glob("*.md")
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in KINDS and "node_modules" not in path.parts:
                yield path


def violations(root):
    for path in files(root):
        text = path.read_text(encoding="utf-8", errors="replace")
        for page in NAMED.findall(text):
            if not (root / "docs" / page).is_file():
                yield f"{path.relative_to(root)} names docs/{page}, which is not there"
        if path.suffix == ".md":
            for target in LINKED.findall(text):
                if not (path.parent / target).is_file():
                    yield f"{path.relative_to(root)} links to {target}, which is not there"


if __name__ == "__main__":
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "docs: ok")
    sys.exit(bool(found))
