#!/usr/bin/env python3
"""Fails if a file of the project names a page (*.md) that is not there, if a page has a section twice, or if it links to a
section or shows a picture that is not there.

Usage: check_docs.py ROOT

A name counts wherever it stands: in comments, settings, scripts and pages. "docs/redis.md" is meant
from the root, "redis.md" is any page of that name. A link in a page is meant from that page's folder.
"""
import pathlib
import re
import sys

SKIPPED = {"build", "node_modules", ".git", ".cache", "data", "__pycache__"}
KINDS = {".cpp", ".hpp", ".c", ".h", ".in", ".lua", ".sql", ".js", ".mjs", ".css", ".html", ".json", ".toml",
         ".md", ".sh", ".py", ".txt", ".cmake", ".yml", ".yaml", ".service", ""}
NAMED = re.compile(r"(?<![\w/.-])(?:\.{1,2}/)*[\w][\w./-]*\.md\b(?!\w)")
LINKED = re.compile(r"\]\(([^)#:]+\.md)(?:#[\w-]*)?\)")
SECTION = re.compile(r"^## .*$", re.MULTILINE)
TARGET = re.compile(r"\]\(([^)#: ]*\.md)?#([\w-]+)\)")
SHOWN = re.compile(r"!\[[^\]]*\]\(([^):]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
ELSEWHERE = re.compile(r"https?://\S+")


def files(folder):
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name in SKIPPED:
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix in KINDS:
            yield path


def anchors(text):
    """What a link to a section is called: as GitHub makes it from the heading."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}


def wrong_parts(path, texts):
    """Links of a page to sections, and its pictures, that are not there."""
    for page, section in TARGET.findall(texts[path]):
        target = (path.parent / page).resolve() if page else path.resolve()
        text = texts.get(target)
        if text is not None and section not in anchors(text):
            yield f"links to {page}#{section}, which is not there"
    for picture in SHOWN.findall(texts[path]):
        if not (path.parent / picture).is_file():
            yield f"shows {picture}, which is not there"


def violations(root):
    root = root.resolve()
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in files(root)}
    pages = {path.name for path in texts if path.suffix == ".md"}

    def is_there(name, folder):
        if "/" not in name:
            return name in pages
        return (root / name).is_file() or (folder / name).is_file()

    for path, text in texts.items():
        where = path.relative_to(root)
        for name in sorted(set(NAMED.findall(ELSEWHERE.sub("", text)))):
            if not is_there(name, path.parent):
                yield f"{where} names {name}, which is not there"
        sections = SECTION.findall(text) if path.suffix == ".md" else []
        for section in sorted({x for x in sections if sections.count(x) > 1}):
            yield f"{where} has the section '{section}' twice"
        for wrong in wrong_parts(path, texts) if path.suffix == ".md" else []:
            yield f"{where} {wrong}"
        for target in LINKED.findall(text) if path.suffix == ".md" else []:
            if not (path.parent / target).is_file():
                yield f"{where} links to {target}, which is not there"


if __name__ == "__main__":
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "docs: ok")
    sys.exit(bool(found))
