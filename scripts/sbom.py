"""Writes a CycloneDX list of the crates that are in the binary: sbom.py FILE.

It is made of Cargo's own metadata, and is the same for two builds of a commit.
"""

import json
import pathlib
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).parent.parent
PACKAGE = "gazette-server"
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def shipped():
    """Returns the ids, name and version, of the packages that are compiled into the binary."""
    host = next(line[6:] for line in subprocess.run(["rustc", "-vV"], capture_output=True, text=True).stdout.splitlines()
                if line.startswith("host: "))
    tree = cargo("tree", "--locked", "--package", PACKAGE, "--edges", "normal", "--target", host, "--prefix", "none")
    return {tuple(line.split(" (")[0].split(" v")[:2]) for line in tree.splitlines() if line}


def component(package, checksums):
    name, version = package["name"], package["version"]
    entry = {
        "type": "library",
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:cargo/{name}@{version}",
    }
    if package.get("license"):
        entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if package.get("description"):
        entry["description"] = " ".join(package["description"].split())
    if package.get("repository"):
        entry["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    if (name, version) in checksums:
        entry["hashes"] = [{"alg": "SHA-256", "content": checksums[name, version]}]
    return entry


def main():
    metadata = json.loads(cargo("metadata", "--locked", "--format-version", "1"))
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    checksums = {(p["name"], p["version"]): p["checksum"] for p in lock["package"] if "checksum" in p}
    wanted = shipped()
    by_id = {p["id"]: p for p in metadata["packages"]}
    packages = [p for p in by_id.values() if (p["name"], p["version"]) in wanted]
    components = sorted((component(p, checksums) for p in packages), key=lambda entry: entry["bom-ref"])
    own = next(entry for entry in components if entry["name"] == PACKAGE)
    known = {entry["bom-ref"] for entry in components}
    edges = []
    for node in metadata["resolve"]["nodes"]:
        package = by_id[node["id"]]
        ref = f"{package['name']}@{package['version']}"
        if ref not in known:
            continue
        targets = (by_id[d["pkg"]] for d in node["deps"] if any(kind["kind"] is None for kind in d["dep_kinds"]))
        names = {f"{target['name']}@{target['version']}" for target in targets} & known
        edges.append({"ref": ref, "dependsOn": sorted(names)})
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**own, "type": "application"}},
        "components": [entry for entry in components if entry is not own],
        "dependencies": sorted(edges, key=lambda edge: edge["ref"]),
    }
    file = pathlib.Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(bom, indent=1) + "\n")
    print(f"{file}: {len(bom['components'])} crates")


main()
