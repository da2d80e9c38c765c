"""Damage done to an export, the same for the same seed: to files, lines, columns, cells and encodings."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from .folders import Export

JUNK = (
    "",
    "-99",
    "-98",
    "x",
    "1e400",
    "99999999999999999999",
    "-1",
    "0",
    "12,5",
    "<5",
    ">",
    "31-02-2018",
    "UN-UNK-2018",
    "00-00-0000",
    "25:61",
    "=1+1",
    '"',
    "é",
    "a;b",
    "line\nbreak",
    " ",
    "NULL",
    "<script>",
    "1/1/2018",
)
OPTIONAL = ("eligibility.csv", "medications.csv", "medical_history.csv", "vitals.csv")


@dataclass(frozen=True)
class Damage:
    """What was done, and whether the export can still be converted (None: either way)."""

    told: str
    converts: bool | None = True


Mutation = Callable[[Export, random.Random], Damage]


def cells(export: Export, chance: random.Random) -> Damage:
    """Junk in up to twenty cells of one form."""
    file = chance.choice(export.files)
    rows = [row for _, row in export.rows(file)]
    for _ in range(chance.randint(1, 20)):
        row = chance.choice(rows[1:])
        row[chance.randrange(len(row))] = chance.choice(JUNK)
    export.write_rows(file, rows)
    return Damage(f"cells of {file}")


def column_of_junk(export: Export, chance: random.Random) -> Damage:
    """The same junk in a whole column."""
    file, junk = chance.choice(export.files), chance.choice(JUNK)
    rows = [row for _, row in export.rows(file)]
    at = chance.randrange(len(rows[0]))
    export.write_rows(file, [rows[0], *([*row[:at], junk, *row[at + 1 :]] for row in rows[1:])])
    return Damage(f"{junk!r} in {rows[0][at]} of {file}")


def lines_twice(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    rows = [row for _, row in export.rows(file)]
    export.write_rows(file, [*rows, *chance.choices(rows[1:], k=chance.randint(1, 10))])
    return Damage(f"lines twice in {file}")


def lines_gone(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    rows = [row for _, row in export.rows(file)]
    kept = [row for row in rows[1:] if chance.random() < 0.7]
    export.write_rows(file, [rows[0], *kept])
    return Damage(f"lines gone from {file}")


def lines_shuffled(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    rows = [row for _, row in export.rows(file)]
    export.write_rows(file, [rows[0], *chance.sample(rows[1:], len(rows) - 1)])
    return Damage(f"lines of {file} shuffled")


def ragged(export: Export, chance: random.Random) -> Damage:
    """Fields too many or too few in some records."""
    file = chance.choice(export.files)
    rows = [row for _, row in export.rows(file)]
    for _ in range(chance.randint(1, 5)):
        row = chance.choice(rows[1:])
        row[:] = (
            row[: chance.randint(1, len(row))]
            if chance.random() < 0.5
            else [*row, chance.choice(JUNK)]
        )
    export.write_rows(file, rows)
    return Damage(f"ragged records in {file}")


def columns_moved(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    rows = [row for _, row in export.rows(file)]
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    export.write_rows(file, [[row[i] for i in order] for row in rows])
    return Damage(f"columns of {file} in another order")


def column_more(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    rows = [row for _, row in export.rows(file)]
    export.write_rows(
        file, [[*rows[0], "extra"], *([*row, chance.choice(JUNK)] for row in rows[1:])]
    )
    return Damage(f"a column more in {file}")


def column_gone(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(
        [name for name in export.files if name != "vitals.csv"]
    )  # its device_no nobody needs
    rows = [row for _, row in export.rows(file)]
    at = chance.randrange(len(rows[0]))
    export.write_rows(file, [[*row[:at], *row[at + 1 :]] for row in rows])
    return Damage(f"{rows[0][at]} gone from {file}", converts=False)


def file_gone(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    (export.folder / file).unlink()
    return Damage(f"{file} gone", converts=file in OPTIONAL)


def file_empty(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    (export.folder / file).write_bytes(b"")
    return Damage(f"{file} empty", converts=False)


def header_only(export: Export, chance: random.Random) -> Damage:
    file = chance.choice(export.files)
    export.write_rows(file, [export.header(file)])
    return Damage(f"{file} without records")


def cut_off(export: Export, chance: random.Random) -> Damage:
    """The file ends somewhere in the middle, perhaps within a quoted text or the header."""
    file = chance.choice(export.files)
    content = (export.folder / file).read_bytes()
    (export.folder / file).write_bytes(content[: chance.randrange(1, len(content))])
    return Damage(f"{file} cut off", converts=None)


def other_encoding(export: Export, chance: random.Random) -> Damage:
    file, encoding = (
        chance.choice(export.files),
        chance.choice(("utf-8", "cp1252", "utf-8-sig", "utf-16")),
    )
    (export.folder / file).write_bytes(export.text(file).encode(encoding, "replace"))
    return Damage(f"{file} in {encoding}", converts=encoding != "utf-16")


def random_bytes(export: Export, chance: random.Random) -> Damage:
    """Some bytes replaced by any other."""
    file = chance.choice(export.files)
    content = bytearray((export.folder / file).read_bytes())
    for _ in range(chance.randint(1, 10)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    (export.folder / file).write_bytes(bytes(content))
    return Damage(f"random bytes in {file}", converts=None)


MUTATIONS: tuple[Mutation, ...] = (
    cells,
    column_of_junk,
    lines_twice,
    lines_gone,
    lines_shuffled,
    ragged,
    columns_moved,
    column_more,
    column_gone,
    file_gone,
    file_empty,
    header_only,
    cut_off,
    other_encoding,
    random_bytes,
)


def mutate(export: Export, seed: int) -> list[Damage]:
    """One kind of damage after another, each once in as many seeds; sometimes a second on top."""
    chance = random.Random(seed)
    chosen = [MUTATIONS[seed % len(MUTATIONS)]]
    if chance.random() < 0.3 and chosen[0] in GENTLE:
        chosen.append(chance.choice(GENTLE))
    return [mutation(export, chance) for mutation in chosen]


GENTLE: tuple[Mutation, ...] = (
    cells,
    lines_twice,
    lines_gone,
    lines_shuffled,
    ragged,
)  # one can follow the other
