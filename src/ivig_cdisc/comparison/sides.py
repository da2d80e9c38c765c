"""What stands on either side of a comparison.

The datasets of a file or folder, and those that only one side has.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import CdiscError, ExportError
from ..formats.reading import Folder, Source, of_file, of_folder, reason_of
from ..formats.table import digest


def sides(first: Path, second: Path) -> tuple[Folder, Folder]:
    """Both sides; two files with one dataset each are compared whatever their names are.

    ExportError where a side is missing, or one is a file and the other a folder.
    """
    for path in (first, second):
        if not path.exists():
            raise ExportError(f"{path}: there is no such file or folder")
    if first.is_dir() != second.is_dir():
        raise ExportError(
            f"{first} and {second}: a folder is compared with a folder, a file with a file"
        )
    if first.is_dir():
        one, two = of_folder(first), of_folder(second)
        if not (one.datasets or one.strange or two.datasets or two.strange):
            raise ExportError(f"{first} and {second} hold no dataset")
        return one, two
    left, right = of_file(first), of_file(second)
    if len(left) == len(right) == 1:
        right = dict(zip(left, right.values(), strict=True))
    return Folder(left, [], []), Folder(right, [], [])


def paired(one: Folder, two: Folder) -> list[tuple[Source, Source]]:
    """The datasets that both sides have."""
    found = []
    for name in sorted({*one.datasets} & {*two.datasets}):
        found.append((one.datasets[name], two.datasets[name]))
    return found


def only_one_side(one: Folder, two: Folder) -> Iterator[dict[str, object]]:
    """What only one side has, as differences.

    So is what looks like a dataset and cannot be compared.
    """
    for name in sorted({*one.datasets} ^ {*two.datasets}):
        side, source = "first", one.datasets.get(name)
        if source is None:
            side, source = "second", two.datasets[name]
        yield {"dataset": name, "kind": f"dataset_only_{side}", side: _content(source)}
    for side, folder in (("first", one), ("second", two)):
        for source in folder.strange:
            reason = f"{source.path.name}: {source.reason}"
            yield {"dataset": source.name, "kind": "not_compared", side: reason}


def _content(source: Source) -> str:
    try:
        table = source.read()
    except CdiscError as error:
        return f"{source.path.name}: {reason_of(error, source.path)}"
    return f"{len(table.frame)} record(s), digest {digest(table)}"
