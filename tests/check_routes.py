#!/usr/bin/env python3
"""Fails if docs/http.md and the code name different routes or parameters.

Usage: check_routes.py ROOT

A route is registered where a source of nodes/ has a method and a path next to each other; a path
that the code completes ("/api/nodes/{name}/" + verb) stands for each documented route that begins
so. A parameter is read where a query reader asks for it. docs/http.md has both in code spans:
`GET /api/images?limit=&offset=`.
"""
import pathlib
import re
import sys

ROUTE = re.compile(r'"(GET|POST|PUT|PATCH|DELETE)",\s*"(/[^"]*)"(\s*\+)?')
STREAM = re.compile(r'\.stream\(\s*"(/[^"]*)"')
UPLOAD = re.compile(r'\.upload\(\s*"(/[^"]*)"')
PARAMETER = re.compile(r'\bquery\.(?:number|word|words|text|list)\(\s*"(\w+)"')
SPAN = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)(?:\?([^`]*))?`")


def registered(root):
    """Routes, beginnings of routes, and parameters of the code."""
    routes, beginnings, parameters = set(), set(), set()
    for path in sorted((root / "nodes").rglob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        for verb, route, is_begun in ROUTE.findall(text):
            (beginnings if is_begun else routes).add(f"{verb} {route}")
        routes |= {f"GET {route}" for route in STREAM.findall(text)}
        routes |= {f"POST {route}" for route in UPLOAD.findall(text)}
        parameters |= set(PARAMETER.findall(text))
    return routes, beginnings, parameters


def documented(root):
    routes, parameters = set(), set()
    text = (root / "docs/http.md").read_text(encoding="utf-8")
    for verb, route, query in SPAN.findall(text):
        routes.add(f"{verb} {route}")
        parameters |= {entry.split("=")[0] for entry in query.split("&") if entry}
    return routes, parameters


def violations(root):
    routes, beginnings, parameters = registered(root)
    told, told_parameters = documented(root)
    if len(routes) < 20:
        yield f"only {len(routes)} routes were found in nodes/: how are they registered now?"
    for route in sorted(routes - told):
        yield f"docs/http.md does not list {route}"
    for begun in sorted(beginnings):
        if not any(route.startswith(begun) for route in told):
            yield f"docs/http.md lists no route that begins with {begun}"
    for route in sorted(told - routes):
        if not any(route.startswith(begun) for begun in beginnings):
            yield f"docs/http.md lists {route}, which is not registered"
    for name in sorted(parameters - told_parameters):
        yield f"docs/http.md does not list the parameter {name}"
    for name in sorted(told_parameters - parameters - {"imageId", "jobId", "type", "lastEventId", "token"}):
        yield f"docs/http.md lists the parameter {name}, which no route reads"


if __name__ == "__main__":
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "routes: ok")
    sys.exit(bool(found))
