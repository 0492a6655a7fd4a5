#!/usr/bin/env python3
"""Fails if docs/http.md, nodes/api/openapi.json and the code name different routes or parameters.

Usage: check_routes.py ROOT

A route is registered where a source of nodes/ has a method and a path next to each other; a path
that the code completes ("/api/nodes/{name}/" + verb) stands for each documented route that begins
so. A parameter is read where a query reader asks for it. docs/http.md has both in code spans:
`GET /api/images?limit=&offset=`. tests/cluster/openapi.test.mjs compares the document with answers.
"""
import json
import pathlib
import re
import sys

ROUTE = re.compile(r'"(GET|POST|PUT|PATCH|DELETE)",\s*"(/[^"]*)"(\s*\+)?')
STREAM = re.compile(r'\.stream\(\s*"(/[^"]*)"')
UPLOAD = re.compile(r'\.upload\(\s*"(/[^"]*)"')
PARAMETER = re.compile(r'\bquery\.(?:number|word|words|text|list)\(\s*"(\w+)"')
SPAN = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)(?:\?([^`]*))?`")
OF_EVENTS = {"imageId", "jobId", "type", "lastEventId", "recent", "token"}  # their reader has them in a loop


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


def of_page(root):
    """Each route of docs/http.md with its parameters."""
    out = {}
    text = (root / "docs/http.md").read_text(encoding="utf-8")
    for verb, route, query in SPAN.findall(text):
        names = {entry.split("=")[0] for entry in query.split("&") if entry}
        out.setdefault(f"{verb} {route}", set()).update(names)
    return out


def of_document(root):
    """The same of nodes/api/openapi.json."""
    document = json.loads((root / "nodes/api/openapi.json").read_text(encoding="utf-8"))
    shared = document["components"]["parameters"]
    out = {}
    for route, item in document["paths"].items():
        for verb, told in item.items():
            place = route.replace("{" + told["x-rest"] + "}", "{" + told["x-rest"] + "...}") if "x-rest" in told else route
            given = [shared[x["$ref"].split("/")[-1]] if "$ref" in x else x for x in told.get("parameters", [])]
            out[f"{verb.upper()} {place}"] = {x["name"] for x in given if x["in"] == "query"}
    return out


def of_code(root, told, where):
    """What `told`, the routes and parameters of `where`, and the code do not share."""
    routes, beginnings, parameters = registered(root)
    if len(routes) < 20:
        yield f"only {len(routes)} routes were found in nodes/: how are they registered now?"
    for route in sorted(routes - told.keys()):
        yield f"{where} does not list {route}"
    for begun in sorted(beginnings):
        if not any(route.startswith(begun) for route in told):
            yield f"{where} lists no route that begins with {begun}"
    for route in sorted(told.keys() - routes):
        if not any(route.startswith(begun) for begun in beginnings):
            yield f"{where} lists {route}, which is not registered"
    names = set().union(*told.values())
    for name in sorted(parameters - names):
        yield f"{where} does not list the parameter {name}"
    for name in sorted(names - parameters - OF_EVENTS):
        yield f"{where} lists the parameter {name}, which no route reads"


def violations(root):
    page, document = of_page(root), of_document(root)
    yield from of_code(root, page, "docs/http.md")
    yield from of_code(root, document, "nodes/api/openapi.json")
    for route in sorted(page.keys() & document.keys()):
        for name in sorted(page[route] ^ document[route]):
            lacks = "nodes/api/openapi.json" if name in page[route] else "docs/http.md"
            yield f"{lacks} does not list the parameter {name} of {route}"


if __name__ == "__main__":
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "routes: ok")
    sys.exit(bool(found))
