#!/usr/bin/python3
"""Reads JSON lines {"path", "html"} and prints what no page of ours has: elements and attributes that came in with somebody's text.

The parser is html5lib, which reads as browsers do; of the system's Python (tools/packages.txt)."""
import json
import sys

import html5lib

SCHEMES = ("/", "#", "?", "mailto:", "tel:", "otpauth:", "data:image/png;base64,")


def faults(html):
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    for element in tree.iter():
        name = element.tag if isinstance(element.tag, str) else ""
        name = name.split("}")[-1]
        if "canary" in name:
            yield f"an element <{name}>"
        if name == "script" and (not element.get("src", "").startswith("/assets/") or (element.text or "").strip()):
            yield f"a script of its own: {element.get('src')} {(element.text or '')[:60]!r}"
        if name in ("object", "embed", "base", "frame", "frameset", "applet"):
            yield f"an element <{name}>"
        for attribute, value in element.attrib.items():
            attribute = str(attribute).split("}")[-1].lower()
            if attribute.startswith("on") or "canary" in attribute or attribute == "style":
                yield f"an attribute {attribute} of <{name}>"
            if attribute in ("href", "src", "action", "formaction") and not value.strip().lower().startswith(SCHEMES) and value.strip():
                if not (attribute == "href" and value.startswith(("https://", "http://"))):
                    yield f"{attribute}={value[:80]!r} of <{name}>"


for line in sys.stdin:
    page = json.loads(line)
    for fault in faults(page["html"]):
        print(f"{page['path']}: {fault}")
