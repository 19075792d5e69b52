"""Check requests against OpenAPI files: openapi.py FOLDER < requests (JSON lines: method, path, query, body).

Prints "METHOD path-template" for each operation that was met, then a line beginning with WRONG for
each way in which a request does not fit; exits 1 if there is one.  What the files are known to leave
out or to get wrong is in the tables below, and nowhere else.
"""
import glob
import json
import re
import sys
import urllib.parse

import yaml

# Told in prose only; the schema does not have them.
REQUIRED = {"POST /v2/orders/{order_id}/shipments": ["order_address_id", "items"]}
# Documented for lists in general, but not declared by each of them.
UNDECLARED = {
    "GET /v2/orders/{order_id}/products": ["page", "limit"],
    "GET /v2/orders/{order_id}/shipping_addresses": ["page", "limit"],
}
METHODS = ("get", "post", "put", "patch", "delete")


class Operation:
    """One method of one path of one file."""

    def __init__(self, spec, version, path, method, item):
        self.spec = spec
        self.name = f"{method.upper()} {version}{path}"
        parts = re.split(r"(\{[^}]*\})", version + path)
        self.pattern = re.compile("".join("[^/]+" if p.startswith("{") else re.escape(p) for p in parts))
        self.variables = path.count("{")
        operation = item[method]
        both = [self.follow(p) for p in item.get("parameters", []) + operation.get("parameters", [])]
        self.query = {p["name"]: p for p in both if p["in"] == "query"}
        body = self.follow(operation.get("requestBody") or {})
        self.body = (body.get("content", {}).get("application/json") or {}).get("schema")

    def follow(self, node):
        while isinstance(node, dict) and "$ref" in node:
            target = self.spec
            for step in node["$ref"].lstrip("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def check(self, request):
        given = urllib.parse.parse_qsl(request["query"] or "", keep_blank_values=True)
        for name, value in given:
            yield from self.check_parameter(name, value)
        names = [name for name, _ in given]
        for name, parameter in self.query.items():
            if parameter.get("required") and name not in names:
                yield f"parameter {name} is required"
        if self.body is None:
            if request["body"]:
                yield "has a body, and none is declared"
            return
        body = json.loads(request["body"])
        for name in REQUIRED.get(self.name, []):
            if name not in body:
                yield f"{name} is required"
        yield from self.check_value(self.body, body, "body")

    def check_parameter(self, name, value):
        if name not in self.query:
            if name not in UNDECLARED.get(self.name, []):
                yield f"parameter {name} is not declared"
            return
        schema = self.follow(self.query[name].get("schema") or {})
        if name == "sort":  # the prose allows a direction, the enum does not
            value = re.sub(":(asc|desc)$", "", value)
        listed = schema.get("type") == "array" or name.endswith(":in")
        if schema.get("type") == "array":
            schema = self.follow(schema.get("items") or {})
        for one in value.split(",") if listed else [value]:
            if schema.get("type") in ("integer", "number") and re.fullmatch(r"-?\d+(\.\d+)?", one):
                one = float(one) if "." in one else int(one)
            yield from self.check_value(schema, one, f"parameter {name}")

    def properties(self, schema):
        """All properties, those of allOf included; None: any."""
        schema = self.follow(schema)
        parts = [self.properties(s) for s in schema.get("allOf", [])]
        if None in parts or schema.get("additionalProperties"):
            return None
        if "properties" not in schema and not parts:
            return None
        return dict(schema.get("properties", {}), **{k: v for part in parts for k, v in part.items()})

    def check_value(self, schema, value, where):
        schema = self.follow(schema)
        for part in schema.get("allOf", []):
            yield from self.check_value(part, value, where)
        for kind in ("oneOf", "anyOf"):
            if kind in schema:
                tries = [list(self.check_value(s, value, where)) for s in schema[kind]]
                fitting = sum(not wrong for wrong in tries)
                if fitting == 0:
                    yield from min(tries, key=len)
                elif fitting > 1 and kind == "oneOf" and isinstance(value, dict):
                    yield f"{where} fits {fitting} of the alternatives, not one"
        if value is None:
            if not schema.get("nullable"):
                yield f"{where} is null"
            return
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
        kind = schema.get("type")
        if kind and (not isinstance(value, kinds[kind]) or isinstance(value, bool) != (kind == "boolean")):
            yield f"{where} is {json.dumps(value)[:40]}, not of type {kind}"
            return
        yield from self.check_limits(schema, value, where)
        if isinstance(value, list):
            for one in value:
                yield from self.check_value(schema.get("items") or {}, one, where + "[]")
        if isinstance(value, dict):
            known = self.properties(schema)
            for name in schema.get("required", []):
                if name not in value:
                    yield f"{where}.{name} is required"
            for name, one in value.items():
                if name in schema.get("properties", {}):
                    yield from self.check_value(schema["properties"][name], one, f"{where}.{name}")
                elif known is not None and name not in known and where == "body":
                    yield f"{where}.{name} is not declared"

    @staticmethod
    def check_limits(schema, value, where):
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where} is {json.dumps(value)[:40]}, not one of its list"
        if schema.get("readOnly"):
            yield f"{where} can only be read"
        size = len(value) if isinstance(value, (str, list)) else None
        for name in ("maxLength", "maxItems"):
            if size is not None and name in schema and size > schema[name]:
                yield f"{where} is {size} long, at most {schema[name]} is allowed"
        for name in ("minLength", "minItems"):
            if size is not None and name in schema and size < schema[name]:
                yield f"{where} is {size} long, at least {schema[name]} is needed"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if value > schema.get("maximum", value) or value < schema.get("minimum", value):
                yield f"{where} is {value}, outside of its bounds"


def operations(folder):
    for file in sorted(glob.glob(folder + "/*.yml")):
        with open(file, encoding="utf-8") as stream:
            spec = yaml.load(stream, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        version = re.search(r"/v[23]$", (spec.get("servers") or [{"url": ""}])[0]["url"])
        if not version:
            continue  # another host's interface, which is not talked to
        for path, item in spec["paths"].items():
            for method in METHODS:
                if method in item:
                    yield Operation(spec, version.group(), path, method, item)


def main():
    known = sorted(operations(sys.argv[1]), key=lambda operation: operation.variables)
    met, wrong = set(), set()
    for line in sys.stdin:
        request = json.loads(line)
        fitting = [o for o in known if o.name.startswith(request["method"] + " ") and o.pattern.fullmatch(request["path"])]
        if not fitting:
            wrong.add(f"WRONG {request['method']} {request['path']}: no such operation")
            continue
        met.add(fitting[0].name)
        wrong.update(f"WRONG {fitting[0].name}: {what}" for what in fitting[0].check(request))
    print(*sorted(met), *sorted(wrong), sep="\n")
    return 1 if wrong else 0


sys.exit(main())
