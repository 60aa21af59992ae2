"""Checks the template as `sam validate --lint` does, and the references of README.md to it.

The template is linted as it is and as CloudFormation gets it: with each value of the parameters that
conditions depend on, after the SAM transformation.
"""

import json
import logging
import os
import pathlib
import re
import subprocess
import sys

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

# The transformation looks for a region, and asks nobody.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
# It reports of itself, too.
logging.disable(logging.WARNING)

HERE = pathlib.Path(__file__).parent
TEMPLATE = HERE / "template.yaml"
OUTPUT = HERE.parent.parent / "target" / "aws"


class Loader(yaml.SafeLoader):
    """Reads the short forms of intrinsic functions."""


def intrinsic(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", intrinsic)


def transformed(parameters):
    """Returns the template after the SAM transformation."""
    template = yaml.load(TEMPLATE.read_text(), Loader)
    for function in template["Resources"].values():
        if function["Type"] == "AWS::Serverless::Function":
            # `sam package` uploads the folder.
            function["Properties"]["CodeUri"] = "s3://bucket/code.zip"
    translator = Translator({}, Parser())
    return translator.translate(template, parameters)


def lint(*files):
    command = [pathlib.Path(sys.executable).parent / "cfn-lint", "--non-zero-exit-code", "warning", *files]
    return subprocess.run(command).returncode == 0


def wrong_references():
    """Yields the references of README.md to a line that is not of the named resource."""
    lines = TEMPLATE.read_text().splitlines()
    for name, number in re.findall(r"\[`(\w+)`\]\(template\.yaml#L(\d+)\)", (HERE / "README.md").read_text()):
        line = lines[int(number) - 1] if int(number) <= len(lines) else ""
        if line.strip() != f"{name}:":
            found = [index for index, line in enumerate(lines, 1) if line == f"  {name}:"]
            yield f"README.md: {name} is not in line {number} of template.yaml, but in {found}"


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    ok = lint(TEMPLATE)
    files = []
    for api in ("http", "rest"):
        file = OUTPUT / f"{api}.json"
        file.write_text(json.dumps(transformed({"Api": api}), indent=1))
        files.append(file)
    ok &= lint(*files)
    for reference in wrong_references():
        ok = False
        print(reference)
    sys.exit(0 if ok else 1)


main()
