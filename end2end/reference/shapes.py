"""Compares answers with the shapes of botocore's model, strictly."""


def shape_faults(shape, value, path):
    """Lists where a value differs from a shape of botocore's model."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path} is no structure"]
        found = [f"{path}.{name} is unknown" for name in value if name not in shape.members]
        found += [f"{path}.{name} is missing" for name in shape.required_members if name not in value]
        return found + [fault for name, member in value.items() if name in shape.members
                        for fault in shape_faults(shape.members[name], member, f"{path}.{name}")]
    if kind == "list":
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [fault for item in value for fault in shape_faults(shape.member, item, path + "[]")]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{path} is no map"]
        return [fault for item in value.values() for fault in shape_faults(shape.value, item, path + "{}")]
    wanted = {"string": str, "integer": int, "long": int, "boolean": bool,
              "timestamp": (int, float)}.get(kind, object)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        return [f"{path} is {type(value).__name__}, not {kind}"]
    enum = getattr(shape, "enum", None)
    return [f"{path} is {value!r}"] if enum and value not in enum else []
